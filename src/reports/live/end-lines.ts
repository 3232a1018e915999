/** The last lines of somebody who watched a run. */
import { fileName } from '../../plan/item';
import { countOf, formatCount } from '../terminal/format';
import { colorsOf, signsOf, type Terminal } from '../terminal/terminal';
import { printable, wrapText } from '../terminal/text-width';
import type { FollowEnd } from './event-source';
import { totalText } from './live-lines';
import { isOpen, isRed, type LiveFailure, type LiveState } from './state';

/** Failures that are listed; the merge and the history have all. */
const MOST_LISTED = 200;

/** Those that count at the end. */
const openFailures = ({ failures }: LiveState): LiveFailure[] => failures.filter(isOpen);

/** Whether a run passed, as far as its tests say. */
export const hasPassed = (state: LiveState, end: FollowEnd): boolean => end === 'finished' && !isRed(state);

function verdictText(state: LiveState, end: FollowEnd): string {
  const id = state.run.id === undefined ? 'the run' : `run ${state.run.id}`;
  const total = totalText(state, state.endedAt ?? state.startedAt);
  switch (end) {
    case 'finished':
      return `${id} ${hasPassed(state, end) ? 'passed' : 'failed'}: ${total}`;
    case 'cancelled':
      return `${id} was cancelled by ${state.cancelledBy ?? 'somebody'}: ${total}`;
    case 'abandoned':
      return `${id} is not finished, and no node of it lives`;
    case 'gone':
      return `${id} is no longer in the database`;
    case 'stopped':
      return `${id} goes on`;
  }
}

/** What failed, and the verdict. */
export function watchEndLines(state: LiveState, end: FollowEnd, terminal: Terminal): string[] {
  const { red, green, yellow } = colorsOf(terminal);
  const { pointer } = signsOf(terminal);
  const failures = end === 'stopped' ? [] : openFailures(state);
  const names = failures.slice(0, MOST_LISTED).flatMap(({ file, test }) =>
    wrapText(printable(test === null ? fileName(file) : `${fileName(file)} ${pointer} ${test}`), terminal.columns, {
      first: '  ',
      others: '    ',
    }),
  );
  const hidden = failures.length - MOST_LISTED;
  const problems = (state.problems ?? []).flatMap((problem) =>
    wrapText(printable(problem), terminal.columns, { first: '  ', others: '    ' }),
  );
  const paint = hasPassed(state, end) ? green : end === 'stopped' ? yellow : red;
  return [
    ...(failures.length > 0 ? [`${countOf(failures.length, 'failure')}:`, ...names] : []),
    ...(hidden > 0 ? [`  and ${formatCount(hidden)} more`] : []),
    ...(problems.length > 0 ? [`${countOf(state.problems?.length ?? 0, 'error')} in its proof:`, ...problems] : []),
    ...wrapText(`jest-distributed: ${printable(verdictText(state, end))}`, terminal.columns, { others: '  ' }).map(
      paint,
    ),
  ];
}
