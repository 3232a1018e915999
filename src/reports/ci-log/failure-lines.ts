/** The first failure of a node, as lines of its log and as what a CI shows of it. */
import { errorLine } from '../../blob/error-line';
import { itemName } from '../../blob/item-name';
import { commandText, type Shell } from '../../shell/quote';
import { type Runner, runnerWords } from '../../shell/runner';
import { commandLines } from '../terminal/command-lines';
import { colorsOf, signsOf, type Terminal } from '../terminal/terminal';
import { printable, wrapText } from '../terminal/text-width';
import type { CiPlace, CiProblem } from './ci-log';
import type { FirstFailureNews, OpenFailure } from './first-failure';

export interface FailureView {
  /** `node 2 of 4`, or the name of a queue's node. */
  readonly node: string;
  readonly failure: OpenFailure;
  readonly place: CiPlace | null;
  /** Of the command that runs it alone, unquoted. */
  readonly words: readonly string[];
}

function subjectOf({ file, part, test }: OpenFailure, pointer: string): string {
  return test === null ? itemName(file, part) : `${itemName(file, null)} ${pointer} ${test}`;
}

/**
 * @example
 * 'jest-distributed: first failure of node 2 of 4: src/cart.test.js › cart adds'
 * '  Error: expect(received).toBe(expected) Expected: 2 Received: 1'
 * '  at src/cart.js:12'
 * '  to rerun it:'
 * "    npx jest --runTestsByPath src/cart.test.js -t '^cart adds$'"
 */
export function firstFailureLines({ node, failure, place, words }: FailureView, terminal: Terminal): string[] {
  const { red } = colorsOf(terminal);
  const { pointer } = signsOf(terminal);
  const subject = `${failure.test === null ? 'failed to run: ' : ''}${subjectOf(failure, pointer)}`;
  const detail = (text: string) => wrapText(printable(text), terminal.columns, { first: '  ', others: '    ' });
  return [
    ...wrapText(`jest-distributed: first failure of ${printable(`${node}: ${subject}`)}`, terminal.columns, {
      others: '  ',
    }).map(red),
    ...detail(errorLine(failure.error)),
    ...(place?.line == null ? [] : detail(`at ${place.path}:${place.line}`)),
    '  to rerun it:',
    ...commandLines(words, terminal, '    '),
  ];
}

/** What was reported does not count. */
export function takenBackLines({ kind, failure }: FirstFailureNews, terminal: Terminal): string[] {
  const { pointer } = signsOf(terminal);
  const subject = printable(subjectOf(failure, pointer));
  const text =
    kind === 'recovered'
      ? `jest-distributed: passed on a later try: ${subject}`
      : `jest-distributed: its failure does not count, the queue has its file run again: ${subject}`;
  return wrapText(text, terminal.columns, { others: '  ' }).map(colorsOf(terminal).yellow);
}

export function firstFailureProblem(
  { node, failure, place, words }: FailureView,
  { shell, runner }: { readonly shell: Shell; readonly runner: Runner },
): CiProblem {
  return {
    severity: 'error',
    title: subjectOf(failure, '›'),
    lines: [`${errorLine(failure.error)} (first failure of ${node})`],
    command: commandText(runnerWords(words, runner), shell),
    place,
    topic: node.replace(/[^A-Za-z0-9]+/g, '-'),
  };
}
