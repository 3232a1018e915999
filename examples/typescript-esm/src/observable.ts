export type Stop = () => void;

/** A value that tells its listeners when it changes; equal values are no change. */
export class Observable<Value> {
  #listeners = new Set<(value: Value) => void>();

  constructor(private current: Value) {}

  get value(): Value {
    return this.current;
  }

  set value(next: Value) {
    if (Object.is(next, this.current)) return;
    this.current = next;
    for (const listener of this.#listeners) listener(next);
  }

  listen(listener: (value: Value) => void): Stop {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
