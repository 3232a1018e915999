/** Lets one action run after the other, in the order of the calls. */
class Mutex {
  #last = Promise.resolve();

  run(action) {
    const result = this.#last.then(action);
    this.#last = result.catch(() => {});
    return result;
  }
}

module.exports = { Mutex };
