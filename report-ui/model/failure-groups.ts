/** Failures with one message are likely one fault: a server that is down fails fifty tests. */
import { errorLine } from '../../src/blob/error-line';
import type { FailureEntry } from './report-index';

export interface MessageGroup<Failure> {
  /** The message that its failures share, in one line. */
  readonly message: string;
  readonly failures: readonly Failure[];
}

export type FailureGroup = MessageGroup<FailureEntry>;

/** Of two failed comparisons the values are the fault; of anything else a port, an id or a time is not. */
function sameness(line: string): string {
  return line.includes('expect(')
    ? line
    : line.replace(/0x[\da-f]+|[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}|\d+/gi, '0');
}

/** Groups in the order of their sizes, largest first; failures keep their order, and so do groups of one size. */
export function groupByMessage<Failure extends { readonly messages: readonly string[] }>(
  failures: readonly Failure[],
): MessageGroup<Failure>[] {
  const groups = new Map<string, { readonly message: string; readonly failures: Failure[] }>();
  for (const failure of failures) {
    const message = errorLine(failure.messages[0] ?? '');
    const key = sameness(message);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { message, failures: [failure] });
    else known.failures.push(failure);
  }
  return [...groups.values()].sort((a, b) => b.failures.length - a.failures.length);
}

export const groupFailures = (failures: readonly FailureEntry[]): FailureGroup[] => groupByMessage(failures);
