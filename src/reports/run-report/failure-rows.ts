/** The report's failures, with what failed files printed. */

import type { Json } from '../../blob/blob';
import type { QuarantineEntry } from '../../flaky/quarantine';
import { fileKey, type TestFile } from '../../plan/item';
import { fileFailure, splitFailures } from './failure-blocks';
import type { ReportLimits, TextBudget } from './limits';
import { type FileOutcome, failureMessagesOf, statusOf, titlesOf } from './outcomes';
import type { ConsoleEntry, ReportConsole, ReportFailure, ReportQuarantined, ReportTest } from './run-report';

export interface FailureRows {
  /**
   * @param file index of the file.
   * @param rows the row of each of its tests.
   * @param held its failed tests that do not decide, by their index.
   */
  add(
    file: number,
    outcome: FileOutcome,
    rows: readonly (ReportTest | undefined)[],
    held?: ReadonlyMap<number, QuarantineEntry>,
  ): void;
  finish(
    filePlace: (file: number) => number,
    testPlace: (row: ReportTest) => number | null,
  ): {
    readonly failures: readonly ReportFailure[];
    readonly quarantined?: readonly ReportQuarantined[];
    readonly consoles: readonly ReportConsole[];
  };
  omitted(): number;
}

interface OpenFailure {
  readonly file: number;
  readonly repeats: number[];
  readonly row: ReportTest | null;
  readonly messages: readonly string[];
  readonly entry?: QuarantineEntry;
}

export function createFailureRows(
  limits: ReportLimits,
  budget: TextBudget,
  shorten: (text: string) => string,
): FailureRows {
  const failures: OpenFailure[] = [];
  const consoles: ReportConsole[] = [];
  let omitted = 0;

  /** Files that failed as a whole, by file and text: every node that has a part of a broken file says the same of it. */
  const broken = new Map<string, OpenFailure>();

  const push = (
    file: number,
    row: ReportTest | null,
    texts: readonly string[],
    entry?: QuarantineEntry,
  ): OpenFailure | undefined => {
    if (failures.length >= limits.failures) {
      omitted += 1;
      return undefined;
    }
    const messages = texts.flatMap((text) => budget.take(shorten(text)) ?? []);
    const failure: OpenFailure = { file, repeats: [], row, messages, ...(entry && { entry }) };
    failures.push(failure);
    return failure;
  };

  const pushBroken = (index: number, file: TestFile, text: string) => {
    const key = `${fileKey(file)}\0${text}`;
    const known = broken.get(key);
    if (known !== undefined) {
      known.repeats.push(index);
      return;
    }
    const failure = push(index, null, [text]);
    if (failure !== undefined) broken.set(key, failure);
  };

  return {
    add(file, { file: name, result, execError }, rows, held) {
      const failed = result.testResults.flatMap((test, index) =>
        statusOf(test) === 'failed'
          ? [{ index, row: rows[index] ?? null, titles: titlesOf(test), failureMessages: failureMessagesOf(test) }]
          : [],
      );
      const text = result.failureMessage ?? '';
      if (execError !== null || failed.length === 0) {
        const thrown = (execError?.stack ?? '') || (execError?.message ?? '');
        pushBroken(file, name, text === '' ? thrown : fileFailure(text));
      }
      const blocks = splitFailures(text, failed);
      for (const [place, { index, row }] of failed.entries()) push(file, row, blocks[place] ?? [], held?.get(index));
      const entries = consoleEntries(result.console, limits, budget, shorten);
      if (entries.length > 0) consoles.push({ file, entries });
    },
    finish(filePlace, testPlace) {
      const byPlace = (a: ReportFailure, b: ReportFailure) => a.file - b.file || (a.test ?? -1) - (b.test ?? -1);
      const place = ({ file, repeats, row, messages }: OpenFailure): ReportFailure => {
        const [first = 0, ...others] = [file, ...repeats].map(filePlace).sort((a, b) => a - b);
        return { file: first, repeats: others, test: row === null ? null : testPlace(row), messages };
      };
      const quarantined = failures.flatMap((failure): ReportQuarantined[] => {
        const { entry } = failure;
        if (entry === undefined) return [];
        const { test: name, owner, reason, until, issue = null } = entry;
        return [{ ...place(failure), name, owner, reason, until, issue }];
      });
      return {
        failures: failures
          .filter(({ entry }) => entry === undefined)
          .map(place)
          .sort(byPlace),
        ...(quarantined.length > 0 && { quarantined: quarantined.sort(byPlace) }),
        consoles: consoles.map(({ file, entries }) => ({ file: filePlace(file), entries })),
      };
    },
    omitted: () => omitted,
  };
}

function consoleEntries(
  value: Json | undefined,
  { textLength }: ReportLimits,
  budget: TextBudget,
  shorten: (text: string) => string,
): ConsoleEntry[] {
  if (!Array.isArray(value)) return [];
  const entries: ConsoleEntry[] = [];
  let room = textLength;
  for (const [index, entry] of value.entries()) {
    if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) continue;
    const { type, message, origin } = entry as { readonly [key: string]: Json };
    if (typeof message !== 'string') continue;
    const text = room > 0 ? budget.take(shorten(message)) : null;
    if (text === null) {
      entries.push({ type: 'note', message: `… ${value.length - index} more omitted`, origin: '' });
      break;
    }
    room -= text.length;
    entries.push({
      type: typeof type === 'string' ? type : 'log',
      message: text,
      origin: typeof origin === 'string' ? firstFrame(shorten(origin)) : '',
    });
  }
  return entries;
}

/** Jest stores a whole stack; its first frame is where the call stands. */
function firstFrame(stack: string): string {
  return (stack.split('\n')[0] ?? '').trim().replace(/^at /, '');
}
