/** Steps over any iterable that do no work before somebody asks for a value. */
export function* map<In, Out>(source: Iterable<In>, change: (value: In) => Out): Generator<Out> {
  for (const value of source) yield change(value);
}

export function* filter<Value>(source: Iterable<Value>, keep: (value: Value) => boolean): Generator<Value> {
  for (const value of source) if (keep(value)) yield value;
}

export function* take<Value>(source: Iterable<Value>, count: number): Generator<Value> {
  if (count <= 0) return;
  let taken = 0;
  for (const value of source) {
    yield value;
    if (++taken >= count) return;
  }
}

export function* naturals(): Generator<number> {
  for (let number = 0; ; number++) yield number;
}
