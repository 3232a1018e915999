/** Either a value or the reason why there is none. */
export type Result<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly reason: string };

export const ok = <Value>(value: Value): Result<Value> => ({ ok: true, value });
export const fail = (reason: string): Result<never> => ({ ok: false, reason });

/** All values, or the first reason. */
export function all<Value>(results: Iterable<Result<Value>>): Result<Value[]> {
  const values: Value[] = [];
  for (const result of results) {
    if (!result.ok) return result;
    values.push(result.value);
  }
  return ok(values);
}
