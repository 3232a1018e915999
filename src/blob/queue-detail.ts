/** What a queue keeps of one run of a file, read back: other versions, and people, may have written it. */
import type { Json, JsonObject } from '../queue/queue';
import type { DetailTest } from '../queue/result-detail';
import { errorLine } from './error-line';
import type { EarlierTry } from './test-tries';
import { type TriedTest, withOccurrences } from './try-record';

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

function earlierOf(tries: Json | undefined): EarlierTry[] {
  if (!Array.isArray(tries)) return [];
  return (tries as readonly Json[]).map((one) => {
    const { error, durationMs } = (typeof one === 'object' && one !== null ? one : {}) as JsonObject;
    return {
      messages: typeof error === 'string' ? [error] : [],
      startMs: null,
      durationMs: typeof durationMs === 'number' ? durationMs : null,
    };
  });
}

/** Tests of a run that failed, and those that Jest tried more than once: as a blob has them, with as much as is kept. */
export function detailTests(detail: JsonObject | null): TriedTest[] {
  const tests = readDetail(detail).tests.map((test) => ({ test, fullName: test.name }));
  return withOccurrences(tests, ({ test, fullName }, occurrence): TriedTest[] => {
    const { status, durationMs, error, tries } = test;
    const earlier = earlierOf(tries as Json | undefined);
    const hasFailed = status === 'failed';
    if (!hasFailed && earlier.length === 0) return [];
    return [
      {
        ...{ ancestorTitles: [], title: fullName, fullName, occurrence, earlier },
        outcome: hasFailed ? 'failed' : 'passed',
        durationMs: typeof durationMs === 'number' ? durationMs : null,
        failureMessages: typeof error === 'string' ? [error] : [],
      },
    ];
  }).flat();
}
