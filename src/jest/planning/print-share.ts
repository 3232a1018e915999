/**
 * The line a sequencer prints where no reporter of ours will.
 */
import { stderrTerminal } from '../../files/standard-terminals';
import { noticeLines, type ShareView, shareLines } from '../../reports/node/share-lines';
import { writeStderr } from '../channels/stderr';
import type { JestGlobalConfig } from '../host/jest-types';
import { whyNothing } from '../host/nothing-to-run';
import type { RunState } from './run-state';

/** All our lines go to stderr: stdout belongs to `--listTests`, `--json` and the tests. */
export function printLines(lines: readonly string[]): void {
  if (lines.length > 0) writeStderr(`${lines.join('\n')}\n`);
}

function viewOf({ mode, identity, found, share }: RunState, config: JestGlobalConfig): ShareView {
  const { number: node, nodes } = identity;
  const reason = found.length === 0 ? whyNothing(config) : null;
  if (reason !== null) return { kind: 'nothing', node, nodes, reason };
  switch (mode.kind) {
    case 'share': {
      const { strategy, digest } = mode.plan;
      return { kind: 'planned', node, nodes, files: share.length, allFiles: found.length, strategy, digest };
    }
    case 'queue': {
      const { runId, node: name } = mode.place;
      const place = nodes > 1 ? { number: node, nodes } : null;
      return { kind: 'queue', name, place, runId, allFiles: found.length };
    }
    case 'local-failures':
      return { kind: 'only-failures', node, nodes, files: share.length };
    case 'disabled':
      return { kind: 'disabled', source: mode.source, allFiles: found.length };
    case 'watch':
      return { kind: 'watch' };
  }
}

/** What a person should know before the tests, whoever prints the share itself. */
export function noticeLinesOf({ notices }: RunState): string[] {
  const terminal = stderrTerminal();
  return notices.flatMap((notice) => noticeLines(notice, terminal));
}

/** One more sentence in the midst of Jest's output. */
export function printNotice(notice: string | readonly string[]): void {
  printLines(noticeLines(notice, stderrTerminal()));
}

/** The line (or the few that a narrow terminal makes of it) that says what runs here and why. */
export function shareLinesOf(state: RunState, config: JestGlobalConfig): string[] {
  const terminal = stderrTerminal();
  return [...noticeLinesOf(state), ...shareLines(viewOf(state, config), terminal)];
}

const OUR_REPORTER = require.resolve('../../reporter');

function namesOurReporter(config: JestGlobalConfig): boolean {
  return (config.reporters ?? []).some((entry) => {
    const name = typeof entry === 'string' ? entry : entry[0];
    return name === OUR_REPORTER || name === 'jest-distributed/reporter';
  });
}

/** Prints the line unless our reporter speaks for this run. */
export function printShare(state: RunState, config: JestGlobalConfig, listTests: boolean): void {
  if (listTests || !namesOurReporter(config)) printLines(shareLinesOf(state, config));
}
