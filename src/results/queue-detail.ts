/** What a queue keeps of one run of a file, read back: other versions, and people, may have written it. */
import type { Json, JsonObject } from '../queue/queue';
import type { DetailTest } from '../queue/result-detail';
import { errorLine } from './error-line';

export interface ReadDetail {
  readonly tests: readonly (DetailTest & { readonly error?: Json })[];
  readonly failure: string | null;
}

export function readDetail(detail: JsonObject | null): ReadDetail {
  const tests = Array.isArray(detail?.tests) ? (detail.tests as readonly Json[]) : [];
  return {
    tests: tests.filter((one): one is DetailTest => isNamed(one)),
    failure: typeof detail?.failure === 'string' ? detail.failure : null,
  };
}

const isNamed = (one: Json): boolean =>
  typeof one === 'object' && one !== null && typeof (one as JsonObject).name === 'string';

/** Why a run of a file failed, in one line with the name of its first failed test; null where that was not kept. */
export function detailError(detail: JsonObject | null): string | null {
  const { tests, failure } = readDetail(detail);
  const failed = tests.find(({ status, error }) => status === 'failed' && typeof error === 'string');
  if (failed !== undefined) return `${failed.name}: ${errorLine(failed.error as string)}`;
  return failure === null ? null : errorLine(failure);
}
