/** A binary heap: `take` returns the smallest item by `compare`. */
class PriorityQueue {
  #heap = [];

  constructor(compare) {
    this.compare = compare;
  }

  get size() {
    return this.#heap.length;
  }

  add(item) {
    const heap = this.#heap;
    let at = heap.push(item) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.compare(heap[parent], heap[at]) <= 0) break;
      [heap[parent], heap[at]] = [heap[at], heap[parent]];
      at = parent;
    }
  }

  take() {
    const heap = this.#heap;
    if (heap.length < 2) return heap.pop();
    const first = heap[0];
    heap[0] = heap.pop();
    let at = 0;
    for (;;) {
      let smallest = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < heap.length && this.compare(heap[child], heap[smallest]) < 0) smallest = child;
      }
      if (smallest === at) return first;
      [heap[smallest], heap[at]] = [heap[at], heap[smallest]];
      at = smallest;
    }
  }
}

module.exports = { PriorityQueue };
