/**
 * Reports the first failure of this node in its log while the tests go on, and where its CI shows more than a log, there
 * too.
 */
import { nameBelow } from '../../blob/portable-names';
import { toPortable } from '../../blob/portable-paths';
import { shownText } from '../../blob/shown-text';
import { printForCi } from '../../files/ci-output';
import { stderrTerminal } from '../../files/standard-terminals';
import { fileKey, type TestFile } from '../../plan/item';
import type { CiPlace } from '../../reports/ci-log/ci-log';
import {
  type FailureView,
  firstFailureLines,
  firstFailureProblem,
  takenBackLines,
} from '../../reports/ci-log/failure-lines';
import {
  type FirstFailureNews,
  followFirstFailure,
  NO_FAILURE,
  type OpenFailure,
} from '../../reports/ci-log/first-failure';
import { findCiLog } from '../../reports/ci-log/known-logs';
import { findSource } from '../../reports/run-report/source-place';
import { repeatTests } from '../../shell/reproduce-tests';
import { writeStderr } from '../channels/stderr';
import type { JestGlobalConfig } from '../host/jest-types';
import type { RunState } from '../planning/run-state';
import { createTestEvents, type TestEvents } from './test-events';

/** What Jest's own reporter for GitHub does for every failure. */
const annotatesItself = ({ reporters }: JestGlobalConfig): boolean =>
  (reporters ?? []).some((entry) => (typeof entry === 'string' ? entry : entry[0]) === 'github-actions');

/** Standard output is a report there. */
const hasJsonOutput = ({ json, outputFile }: JestGlobalConfig & { readonly outputFile?: unknown }): boolean =>
  json === true && !outputFile;

function nodeNameOf({ mode, identity: { number, nodes } }: RunState): string {
  if (mode.kind === 'queue' && nodes === 1) return `node ${mode.place.node}`;
  return `node ${number} of ${nodes}`;
}

/** The line in own code that threw; where none is known the file of the test. */
function findPlace({ root, folders, found, testPaths }: RunState, { file, error }: OpenFailure): CiPlace | null {
  const base = folders.repositoryDir ?? root;
  const source = findSource([shownText(toPortable(base)(error))]);
  if (source !== null) return source;
  const key = fileKey(file);
  const testPath = testPaths[found.findIndex((one: TestFile) => fileKey(one) === key)];
  return testPath === undefined ? null : { path: nameBelow(base, testPath), line: null };
}

/** Whether there are other nodes, whose results this log will not have. */
const isOneOfMany = ({ mode, identity }: RunState): boolean =>
  mode.kind === 'queue' || (mode.kind === 'share' && identity.nodes > 1);

/** @returns undefined where one Jest runs everything and its own output says the same. */
export function followFailures(state: RunState, config: JestGlobalConfig): TestEvents | undefined {
  if (!isOneOfMany(state)) return undefined;
  const log = findCiLog(state.identity.provider);
  let current = NO_FAILURE;

  const viewOf = (failure: OpenFailure): FailureView => ({
    node: nodeNameOf(state),
    failure,
    place: findPlace(state, failure),
    words: repeatTests([{ file: failure.file, name: failure.test }], state.repeat),
  });

  const report = (news: FirstFailureNews) => {
    const terminal = stderrTerminal();
    const { shell = 'posix', runner = 'npx' } = terminal;
    if (news.kind === 'counts') {
      if (log === null || (log.provider.name === 'GitHub Actions' && annotatesItself(config))) return;
      const problem = firstFailureProblem(viewOf(news.failure), { shell, runner });
      printForCi(log, [problem], { writeStderr, hasStdout: !hasJsonOutput(config) });
      return;
    }
    const view = viewOf(news.failure);
    const lines = news.kind === 'failed' ? firstFailureLines(view, terminal) : takenBackLines(news, terminal);
    const isFramed = news.kind === 'failed' && log?.frame !== undefined;
    const framed = isFramed ? log.frame?.(lines, `First failure of ${view.node}`, Date.now()) : undefined;
    writeStderr(`${(framed ?? lines).join('\n')}\n`);
  };

  return createTestEvents((event) => {
    const { state: next, news } = followFirstFailure(current, event);
    current = next;
    news.forEach(report);
  });
}
