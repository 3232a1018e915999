import path from 'node:path';
import { portableName, withSlashes } from '../../blob/portable-names';
import { DistributedError } from '../../errors';
import type { Folders } from '../../files/folders';
import { gatherRun } from '../../files/load-run';
import { findLastRun } from '../../files/recorded-runs';
import { stdoutTerminal } from '../../files/standard-terminals';
import { surroundingsOf } from '../../flaky/order';
import type { TestFileList } from '../../jest/host/list-test-files';
import { didYouMean } from '../../jest/planning/near-files';
import { optionNames } from '../../options/table';
import { fileKey, type TestFile } from '../../plan/item';
import type { Plan } from '../../plan/plan';
import { hashKey, ringFor } from '../../plan/strategies/ring';
import { type EstimateSource, type ExplainView, explainLines } from '../../reports/plan/explain-lines';
import { beforeText, besideText } from '../../reports/plan/order-text';
import { durationOf, type Timings } from '../../timings/timings';
import { type Command, jestArguments } from '../command-line/command';
import { plainJest } from '../command-line/same-command';
import { readOrder } from '../merging/read-order';
import { IDLE_WHEN_PLANNING, openPlanningSession, planSession, requireNodes } from '../planning/planning-session';

/** The files that a person may mean: the path as typed from here, else every file whose path ends with it. */
function findFiles({ root, files, rootPaths }: TestFileList, given: string): TestFile[] {
  const fromHere = portableName(root, path.resolve(given));
  const exact = files.filter((_, index) => rootPaths[index] === fromHere);
  if (exact.length > 0) return exact;
  const ending = withSlashes(given).normalize('NFC');
  return files.filter(({ path: file }) => file === ending || file.endsWith(`/${ending}`));
}

/** Only `auto` looks at the runner: single tests or suites, and a pragma in the file, were asked for by somebody. */
function whyWhole({ hashBy }: Plan, part: string | null, runner: string | null | undefined): string | null {
  if (hashBy !== 'auto' || part !== null || runner == null) return null;
  return `never split by "auto": its project has the runner ${runner}, which may not run parts of a file`;
}

function estimateSource({ unit }: Plan, file: TestFile, timings: Timings | undefined): EstimateSource {
  if (unit !== 'ms') return unit === 'bytes' ? 'size' : 'count';
  return timings !== undefined && durationOf(timings, file) !== undefined ? 'recorded' : 'median';
}

/** Where each execution of a file ran in the last run that left blobs here, in words, by its parts. */
function lastOrder(folders: Folders, reportDir: string): (file: TestFile, part: string | null) => string | null {
  const recorded = findLastRun(folders, reportDir);
  if (recorded === undefined) return () => null;
  const run = gatherRun(recorded.places);
  const all = readOrder(run, folders);
  const key = (file: TestFile) => fileKey(file);
  return (file, part) => {
    const own = all.filter(
      (one) => key(one.file) === key(file) && (part === null || one.parts === null || one.parts.includes(part)),
    );
    if (own.length === 0) return null;
    const texts = own.map((one) => {
      const around = surroundingsOf(one, all);
      return `node ${one.node}, ${beforeText(around)}; ${besideText(around)}`;
    });
    return `run ${run.verdict.runId}: ${texts.join('; ')}`;
  };
}

export const explainCommand: Command = {
  name: 'explain',
  describe: 'Show on which node a test file runs, and why',
  positional: { name: 'file', isRequired: true, describe: 'a test file, or the end of its path' },
  options: optionNames,
  idleOptions: IDLE_WHEN_PLANNING,
  takesJestArguments: true,
  examples: [['explain src/cart.test.js --nodes 4', 'home, overflow or sticky, with the hash']],
  execute: async (argv) => {
    const given = String(argv.file);
    const jestArgs = jestArguments(argv);
    const session = await openPlanningSession(argv, jestArgs);
    requireNodes(session, argv);
    const { plan, previous, timings } = await planSession(session, false);
    const matches = findFiles(session.collected, given);
    if (matches.length === 0) {
      throw new DistributedError({
        code: 'FILE_UNKNOWN',
        message: `Jest finds ${session.collected.files.length} test files, and ${given} is not among them.`,
        remedy:
          didYouMean([given], session.collected.rootPaths) ??
          `See what it finds: ${plainJest(['--listTests', ...jestArgs])}`,
      });
    }
    const nodes = plan.nodes.length;
    const ring = ringFor(nodes);
    const largestLoad = Math.max(...plan.nodes.map(({ load }) => load));
    const terminal = stdoutTerminal();
    const { files, ownRunners } = session.collected;
    const ranAs = lastOrder(session.folders, session.options.reportDir.value);
    const runnerOf = (file: TestFile) => ownRunners?.[files.indexOf(file)];
    const blocks = matches.flatMap((file) =>
      plan.nodes.flatMap(({ node, load, items }) =>
        items
          .filter((item) => item.file === file.path && item.project === file.project)
          .map((item): string[] => {
            const key = fileKey(file, item.part);
            const hash = hashKey(key);
            const before = previous?.get(key);
            const view: ExplainView = {
              ...item,
              key,
              hash,
              strategy: plan.strategy,
              home: ring.nodeAt(hash) + 1,
              node,
              nodes,
              workers: plan.workers,
              estimate: item.estimate,
              unit: plan.unit,
              estimateSource: estimateSource(plan, file, timings?.timings),
              nodeLoad: load,
              largestLoad,
              whole: whyWhole(plan, item.part, runnerOf(file)),
              previousNode: before === undefined ? null : before + 1,
              lastRun: ranAs(file, item.part),
            };
            return explainLines(view, terminal);
          }),
      ),
    );
    process.stdout.write(`${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`);
    return 0;
  },
};
