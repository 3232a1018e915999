/** Union and find, with path halving and union by size. */
class DisjointSet {
  constructor(size) {
    this.parent = Array.from({ length: size }, (_, i) => i);
    this.size = Array.from({ length: size }, () => 1);
    this.count = size;
  }

  find(item) {
    let at = item;
    while (this.parent[at] !== at) {
      this.parent[at] = this.parent[this.parent[at]];
      at = this.parent[at];
    }
    return at;
  }

  /** True if the two were apart until now. */
  join(a, b) {
    let [large, small] = [this.find(a), this.find(b)];
    if (large === small) return false;
    if (this.size[large] < this.size[small]) [large, small] = [small, large];
    this.parent[small] = large;
    this.size[large] += this.size[small];
    this.count--;
    return true;
  }
}

module.exports = { DisjointSet };
