/** The last `capacity` values, in a fixed piece of memory. */
class RingBuffer {
  #values;
  #next = 0;

  constructor(capacity) {
    this.#values = Array.from({ length: capacity });
  }

  push(value) {
    this.#values[this.#next % this.#values.length] = value;
    this.#next++;
  }

  toArray() {
    const capacity = this.#values.length;
    const length = Math.min(this.#next, capacity);
    return Array.from({ length }, (_, i) => this.#values[(this.#next - length + i) % capacity]);
  }
}

module.exports = { RingBuffer };
