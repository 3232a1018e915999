/** Deposits and withdrawals of one account; the balance is never below zero. */
class Ledger {
  #entries = [];

  get balance() {
    return this.#entries.reduce((sum, entry) => sum + entry.amount, 0);
  }

  add(amount, text) {
    if (!Number.isInteger(amount)) throw new TypeError(`An amount is a whole number of cents, not ${amount}.`);
    if (this.balance + amount < 0) throw new RangeError(`A withdrawal of ${-amount} is more than ${this.balance}.`);
    this.#entries.push({ amount, text });
  }

  undo() {
    return this.#entries.pop();
  }
}

module.exports = { Ledger };
