/** What the history keeps of one run of a file: enough for questions about tests, little enough for years. */
import type { JsonObject } from './queue';

/** Longest text of a failure that is kept; the whole is in the node's blob and log. */
const LONGEST_FAILURE = 4000;

/** The parts of a Jest result that are kept. */
export interface DetailSource {
  readonly testResults: readonly {
    readonly fullName: string;
    readonly status: string;
    readonly duration?: number | null;
  }[];
  readonly failureMessage?: string | null | undefined;
}

export interface ResultDetail extends JsonObject {
  /** Name, Jest's status, and duration where Jest measured one. */
  readonly tests: readonly { readonly name: string; readonly status: string; readonly durationMs: number | null }[];
  readonly failure: string | null;
}

/** @param toName gives a test the name that all checkouts have for it. */
export function resultDetail(
  { testResults, failureMessage }: DetailSource,
  toName: (name: string) => string = (name) => name,
): ResultDetail {
  return {
    tests: testResults.map(({ fullName, status, duration }) => ({
      name: toName(fullName),
      status,
      durationMs: typeof duration === 'number' ? Math.round(duration) : null,
    })),
    failure: failureMessage ? failureMessage.slice(0, LONGEST_FAILURE) : null,
  };
}
