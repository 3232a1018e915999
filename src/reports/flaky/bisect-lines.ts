/** What `bisect` prints at its end. */
import type { BisectKind, BisectOutcome } from '../../flaky/bisect';
import { probeCommand } from '../../shell/probe-command';
import { repeatLines } from '../terminal/command-lines';
import { countOf } from '../terminal/format';
import { colorsOf, type Terminal } from '../terminal/terminal';
import { printable, wrapText } from '../terminal/text-width';
import { testName } from './grind-lines';

const TEXTS: Readonly<Record<BisectKind, string>> = {
  tests: 'fails because of a test before it in its file',
  'files-before': 'fails because of what ran before it in the same worker',
  'needs-files': 'fails alone, and passes after',
  'files-beside': 'fails because of what runs at the same time',
  itself: 'fails by itself, whatever runs with it',
  'not-reproduced': 'did not fail',
  'unknown-test': 'did not run: there is no such test in its file, or it is skipped; these ran',
  'several-tests': 'has several tests that fail; name one of them with --test',
};

/** The command that shows the failure with as little as possible; null where it never failed. */
export function minimalCommand(
  { spec, repeats }: BisectOutcome,
  jestArgs: readonly string[],
): readonly string[] | null {
  return spec === null ? null : probeCommand(spec, spec.tests, jestArgs, repeats);
}

export function bisectLines(outcome: BisectOutcome, jestArgs: readonly string[], terminal: Terminal): string[] {
  const { bold, red } = colorsOf(terminal);
  const wrap = (text: string, first = '') =>
    wrapText(printable(text), terminal.columns, { first, others: `${first}  ` });
  const command = minimalCommand(outcome, jestArgs);
  const often = outcome.repeats === 1 ? '' : `; not every time: ${outcome.repeats} runs show it`;
  const end = outcome.culprits.length === 0 ? '.' : ':';
  return [
    ...wrap(testName(outcome.victim)).map(bold),
    ...wrap(`${TEXTS[outcome.kind]}${often}${end}`, '  '),
    ...outcome.culprits.flatMap((culprit) => wrap(culprit, '    ')).map(red),
    ...(command === null ? [] : repeatLines([{ what: 'it', words: command }], terminal)),
    `jest-distributed: ${countOf(outcome.probes, 'run')} of Jest`,
  ];
}
