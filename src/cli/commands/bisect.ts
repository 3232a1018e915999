/** `bisect`: which test or file makes a test fail. */
import { availableParallelism } from 'node:os';
import { DistributedError } from '../../errors';
import { exitCodeOf, onStopSignal } from '../../files/processes';
import { stderrTerminal, stdoutTerminal } from '../../files/standard-terminals';
import { type BisectKind, type BisectPlan, BisectStopped, bisect } from '../../flaky/bisect';
import { bisectLines, minimalCommand } from '../../reports/flaky/bisect-lines';
import { noticeLines } from '../../reports/node/share-lines';
import { type Arguments, type Command, jestArguments } from '../command-line/command';
import { contextOf, exactFiles, findExecution, readRecordedOrder } from '../flaky/flaky-targets';
import { createProber } from '../flaky/prober';
import { LAST_RUN } from '../merging/failed-of';

const ATTEMPTS = 10;

function seedFrom(argv: Arguments): number | null {
  if (argv.seed === undefined) return null;
  const seed = Number(argv.seed);
  if (Number.isInteger(seed) && seed >= 0 && seed < 2 ** 31) return seed;
  throw new DistributedError({
    code: 'GRIND_OPTION_INVALID',
    message: `--seed is "${String(argv.seed)}".`,
    remedy: "Give the whole number that Jest's --seed had.",
  });
}

/** What is to run around the test: the files given before it, or those of a recorded run. */
async function contextFor(argv: Arguments, files: readonly string[], jestArgs: readonly string[]) {
  const victim = files.at(-1) as string;
  const given = files.slice(0, -1);
  if (argv.beside === true) return { before: [], beside: given };
  if (given.length > 0 || argv.of === undefined) return { before: given, beside: [] };
  const order = await readRecordedOrder(String(argv.of), argv, jestArgs);
  const execution = findExecution(order, victim);
  if (execution !== undefined) return contextOf(order, execution);
  throw new DistributedError({
    code: 'RECORDED_RUN_UNKNOWN',
    message: `Run ${order.runId} did not run ${victim} (from --of).`,
    remedy: 'Give the run in which it failed, or the files that ran before it, in their order, before its path.',
  });
}

const FOUND_NOTHING: ReadonlySet<BisectKind> = new Set(['not-reproduced', 'unknown-test', 'several-tests']);

async function runBisect(argv: Arguments): Promise<number> {
  const jestArgs = jestArguments(argv);
  const files = exactFiles(argv.files as readonly string[]);
  const { before, beside } = await contextFor(argv, files, jestArgs);
  const victim = { file: files.at(-1) as string, name: typeof argv.test === 'string' ? argv.test : null };
  const plan: BisectPlan = {
    ...{ victim, before, beside, randomizeSeed: seedFrom(argv), seed: 1, attempts: ATTEMPTS },
    workers: Math.max(4, availableParallelism()),
  };
  const prober = createProber(jestArgs);
  let stoppedBy: NodeJS.Signals | undefined;
  const release = onStopSignal((signal, times) => {
    stoppedBy = signal;
    prober.stop(times > 1 ? 'SIGKILL' : 'SIGTERM');
  });
  try {
    const outcome = await bisect(plan, {
      probe: prober.probe,
      isOver: () => stoppedBy !== undefined,
      onStep: (text) => process.stderr.write(`${noticeLines(text, stderrTerminal()).join('\n')}\n`),
    });
    if (argv.json === true) {
      const command = minimalCommand(outcome, jestArgs);
      process.stdout.write(`${JSON.stringify({ ...outcome.victim, ...outcome, command }, null, 2)}\n`);
    } else process.stdout.write(`${bisectLines(outcome, jestArgs, stdoutTerminal()).join('\n')}\n`);
    return FOUND_NOTHING.has(outcome.kind) ? 1 : 0;
  } catch (error) {
    if (!(error instanceof BisectStopped) || stoppedBy === undefined) throw error;
    return exitCodeOf(stoppedBy);
  } finally {
    release();
    prober.close();
  }
}

export const bisectCommand: Command = {
  name: 'bisect',
  describe: 'Find what makes a test fail: a test or file before it, or a file beside it',
  positional: {
    name: 'files',
    isList: true,
    isRequired: true,
    describe: 'its file; before it those that ran before, in their order',
  },
  flags: {
    test: { value: '<name>', describe: 'Full name of the test; without it whichever of the file fails' },
    of: { value: '<run>', describe: `The order of a recorded run: its id, a folder, or "${LAST_RUN}"` },
    beside: { value: null, describe: 'The other files run beside it, not before it' },
    seed: { value: '<number>', describe: 'Seed of --randomize with which it failed' },
    json: { value: null, describe: 'For programs' },
  },
  options: ['reportDir'],
  takesJestArguments: true,
  examples: [
    ['bisect src/cart.test.js --test adds --of last', 'who ran before it in its worker?'],
    ['bisect a.test.js b.test.js src/cart.test.js', 'is it a or b?'],
  ],
  execute: runBisect,
};
