/** `grind`: runs tests again and again, to find out which are flaky, how often they fail, and of what kind they are. */
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { DistributedError } from '../../errors';
import { loadOptions } from '../../files/load-options';
import { writeOutput } from '../../files/output-file';
import { exitCodeOf, onStopSignal } from '../../files/processes';
import { stdoutTerminal } from '../../files/standard-terminals';
import { type CampaignOutcome, type CampaignPlan, runCampaign } from '../../flaky/campaign';
import { classify, VERDICTS } from '../../flaky/classify';
import { CONDITIONS, type Condition, type ProbeSpec } from '../../flaky/probe';
import { isSeed } from '../../flaky/shuffle';
import { greenRunsNeeded, wilson } from '../../flaky/statistics';
import { createTally, totalOf } from '../../flaky/tally';
import { identifyNode } from '../../node/identity';
import { pickFlags } from '../../options/flags';
import { countText, type GrindView, grindLines, repeatCommand, shareText } from '../../reports/flaky/grind-lines';
import { noticeLines } from '../../reports/node/share-lines';
import { countOf } from '../../reports/terminal/format';
import { type Arguments, type Command, jestArguments } from '../command-line/command';
import { openCampaignDisplay } from '../flaky/campaign-display';
import { contextOf, exactFiles, findExecution, findTargets, readRecordedOrder } from '../flaky/flaky-targets';
import { createProber } from '../flaky/prober';

const DEFAULT_TIMES = 20;

function invalid(flag: string, value: unknown, remedy: string): DistributedError {
  return new DistributedError({
    code: 'GRIND_OPTION_INVALID',
    message: `--${flag} is "${String(value)}".`,
    remedy,
  });
}

function wholeNumber(argv: Arguments, flag: string, ifAbsent: number): number {
  if (argv[flag] === undefined) return ifAbsent;
  const value = Number(argv[flag]);
  if (Number.isInteger(value) && value >= 1) return value;
  throw invalid(flag, argv[flag], 'Give a whole number, 1 or more.');
}

function seedFrom(argv: Arguments): number {
  if (argv.seed === undefined) return Math.floor(Math.random() * 2 ** 31);
  const seed = Number(argv.seed);
  if (isSeed(seed)) return seed;
  throw invalid('seed', argv.seed, 'Give a whole number below 4294967296, as one was printed.');
}

function listOf<T extends string>(
  argv: Arguments,
  flag: string,
  known: readonly T[],
  ifAbsent: readonly T[],
): readonly T[] {
  const given = argv[flag];
  if (given === undefined) return ifAbsent;
  const words = String(given)
    .split(',')
    .map((word) => word.trim());
  const wrong = words.find((word) => !known.includes(word as T));
  if (wrong === undefined) return words as T[];
  throw invalid(flag, given, `Give some of ${known.join(',')}.`);
}

const FAILING = VERDICTS.filter((verdict) => verdict !== 'NOT-REPRODUCED');
const FAIL_ON = [...FAILING, 'none'] as const;

/** Milliseconds until the end; null: as long as the probes take. */
function limitOf(argv: Arguments): number | null {
  if (argv.minutes === undefined) return null;
  const minutes = Number(argv.minutes);
  if (minutes > 0 && Number.isFinite(minutes)) return minutes * 60_000;
  throw invalid('minutes', argv.minutes, 'Give a number above 0.');
}

interface Files {
  readonly targets: readonly string[];
  readonly context: readonly string[];
  /** All of the files are for other nodes. */
  readonly isOthers?: boolean;
}

/** Where several nodes grind, each takes some of the files. */
async function ownShare(argv: Arguments, files: readonly string[]): Promise<readonly string[]> {
  const flags = pickFlags(argv, ['nodes', 'nodeNumber', 'nodeIndex']);
  const { options } = await loadOptions({ flags, environment: process.env, rootDir: null });
  const isNode = options.nodeNumber !== undefined || options.nodeIndex !== undefined;
  // A config file says how many nodes a run has; whoever grinds by hand is none of them.
  if (!isNode && typeof options.nodes?.value === 'number') return files;
  const { number, nodes } = identifyNode(options, process.env);
  return files.filter((_, index) => index % nodes === number - 1);
}

async function filesOf(argv: Arguments, jestArgs: readonly string[]): Promise<Files> {
  const given = (argv.paths as readonly string[] | undefined) ?? [];
  if (argv.inOrder === true) {
    const files = exactFiles(given);
    return { targets: files, context: files };
  }
  if (argv.of === undefined) {
    const all = await findTargets(given, jestArgs);
    const targets = await ownShare(argv, all);
    return { targets, context: targets, isOthers: targets.length === 0 && all.length > 0 };
  }
  const order = await readRecordedOrder(String(argv.of), argv, jestArgs);
  const failed = order.executions.flatMap((one) => (one.hasFailed ? (order.pathOf(one.file) ?? []) : []));
  const targets = given.length > 0 ? await findTargets(given, jestArgs) : [...new Set(failed)];
  const around = targets.flatMap((file) => {
    const execution = findExecution(order, file);
    if (execution === undefined) return [file];
    const { before, beside } = contextOf(order, execution);
    return [...before, file, ...beside];
  });
  return { targets, context: [...new Set(around)] };
}

interface Grind {
  readonly files: Files;
  readonly jestArgs: readonly string[];
  readonly seed: number;
  readonly times: number;
  readonly workers: number;
  readonly conditions: readonly Condition[];
}

interface Session {
  readonly probe: (spec: ProbeSpec) => ReturnType<ReturnType<typeof createProber>['probe']>;
  readonly isOver: () => boolean;
  readonly stoppedBy: () => NodeJS.Signals | undefined;
  readonly close: () => void;
}

/** Probes until the time is over or somebody stops it. */
function openSession(jestArgs: readonly string[], limitMs: number | null): Session {
  const prober = createProber(jestArgs);
  const display = openCampaignDisplay();
  const startedAt = Date.now();
  let stoppedBy: NodeJS.Signals | undefined;
  const release = onStopSignal((signal, times) => {
    stoppedBy = signal;
    prober.stop(times > 1 ? 'SIGKILL' : 'SIGTERM');
  });
  return {
    async probe(spec) {
      display.begin(spec);
      const result = await prober.probe(spec);
      // What was cut off says nothing.
      const seen = stoppedBy === undefined ? result : { ...result, sights: [], spans: [], fault: null };
      display.end(seen);
      return seen;
    },
    isOver: () => stoppedBy !== undefined || (limitMs !== null && Date.now() - startedAt > limitMs),
    stoppedBy: () => stoppedBy,
    close: () => {
      release();
      display.close();
      prober.close();
    },
  };
}

/** One probe again and again, as it was given: `--in-order`. */
async function repeatOrder({ files, times, workers }: Grind, session: Session): Promise<CampaignOutcome> {
  const tally = createTally();
  const faults = new Set<string>();
  let probes = 0;
  const condition: Condition = workers > 1 ? 'beside' : files.targets.length > 1 ? 'sequence' : 'alone';
  for (; probes < times && !session.isOver(); probes++) {
    const spec = { condition, files: files.targets, workers, randomizeSeed: null, load: 0, tests: null };
    const result = await session.probe(spec);
    if (result.fault !== null) faults.add(result.fault);
    tally.add(result);
  }
  const tests = tally.tests();
  const failed = tests.filter((test) => totalOf(test).failures > 0);
  return {
    flaky: failed.map((tally) => ({ tally, classification: classify(tally) })),
    clean: tests.filter((test) => test.name !== null && totalOf(test).failures === 0).length,
    ...{ probes, faults: [...faults] },
  };
}

function writeJson(file: string, view: GrindView): void {
  const { outcome, seed, durationMs, jestArgs } = view;
  const tests = outcome.flaky.map((one) => {
    const { tally, classification } = one;
    const { failures, runs } = totalOf(tally);
    const { errors, counts, replays, durationsMs } = tally;
    return {
      ...{ file: tally.file, test: tally.name, ...classification, failures, runs, interval: wilson(failures, runs) },
      ...{ conditions: counts, replays, errors, durationsMs, command: repeatCommand(one, jestArgs) },
    };
  });
  const { probes, clean, faults } = outcome;
  writeOutput(file, `${JSON.stringify({ seed, durationMs, runs: probes, clean, faults, tests }, null, 2)}\n`);
}

/** `3/40`: how often it failed before the fix. */
function parseWas(given: unknown): { readonly failures: number; readonly runs: number } {
  const [, failures = 0, runs = 0] = /^(\d+)\/(\d+)$/.exec(String(given))?.map(Number) ?? [];
  if (failures >= 1 && failures <= runs) return { failures, runs };
  throw invalid('was', given, 'Give failures and runs as grind printed them: --was 3/40');
}

/** Processes that keep the machine busy: so many that a test gets a small part of a core, on a busy machine too. */
const LOAD = 6 * availableParallelism();

/** Runs until it fails, or until its passes say with 95 % certainty that it is corrected. */
async function verifyFix(argv: Arguments, grind: Grind, session: Session): Promise<number> {
  const was = parseWas(argv.was);
  if (grind.files.targets.length === 0) {
    process.stdout.write('jest-distributed: not verified: there is no file to run\n');
    return grind.files.isOthers ? 0 : 1;
  }
  const needed = greenRunsNeeded(was.failures / was.runs);
  const say = (text: string) => process.stdout.write(`${noticeLines(text, stdoutTerminal()).join('\n')}\n`);
  say(`before: ${countText(was)}; ${countOf(needed, 'green run')} in a row are 95 % sure`);
  const { files, workers } = grind;
  const isTogether = argv.inOrder === true;
  const [condition = 'alone'] = grind.conditions.length === 1 ? grind.conditions : [];
  const cutOff = (passed: number): number => {
    say(`${passed} of ${needed} runs passed before the end: not verified`);
    return 1;
  };
  for (let run = 1; run <= needed; run++) {
    if (session.isOver()) return cutOff(run - 1);
    const specs: ProbeSpec[] = (isTogether ? [files.targets] : files.targets.map((file) => [file])).map((own) => ({
      ...{ condition: isTogether ? (workers > 1 ? 'beside' : 'sequence') : condition, files: own, tests: null },
      ...{ workers: isTogether ? workers : 1, randomizeSeed: condition === 'shuffled' ? grind.seed + run : null },
      load: condition === 'load' ? LOAD : 0,
    }));
    for (const spec of specs) {
      const { sights, fault } = await session.probe(spec);
      // What was cut off is no run.
      if (session.stoppedBy() !== undefined) return cutOff(run - 1);
      const failed = sights.filter(({ outcome }) => outcome === 'failed');
      if (failed.length > 0 || fault !== null) {
        say(`not corrected: run ${run} of ${needed} failed`);
        return 1;
      }
      const unrun = spec.files.filter((file) => !sights.some((sight) => sight.file === file && sight.name !== null));
      if (unrun.length === 0) continue;
      say(`not verified: no test of ${unrun.join(', ')} ran`);
      return 1;
    }
  }
  const { high } = wilson(0, needed);
  say(`corrected, 95 % sure: ${needed} of ${needed} runs passed (it fails in at most ${shareText(high)})`);
  return 0;
}

async function grind(argv: Arguments): Promise<number> {
  const jestArgs = jestArguments(argv);
  const limitMs = limitOf(argv);
  const isTimed = limitMs !== null || argv.forever === true;
  const failOn: readonly string[] = listOf(argv, 'fail-on', FAIL_ON, FAILING);
  const isInOrder = argv.inOrder === true;
  const plan = {
    seed: seedFrom(argv),
    times: wholeNumber(argv, 'times', isInOrder ? (isTimed ? Number.MAX_SAFE_INTEGER : 1) : DEFAULT_TIMES),
    workers: wholeNumber(argv, 'workers', isInOrder ? 1 : Math.max(4, availableParallelism())),
    conditions: listOf(argv, 'condition', CONDITIONS, CONDITIONS),
  };
  const own: Grind = { ...plan, jestArgs, files: await filesOf(argv, jestArgs) };
  const session = openSession(jestArgs, limitMs);
  const startedAt = Date.now();
  try {
    if (argv.was !== undefined) return await verifyFix(argv, own, session);
    const { files } = own;
    const campaign: CampaignPlan = {
      ...{ ...plan, targets: files.targets, context: files.context, tests: null },
      isEndless: isTimed,
      load: LOAD,
    };
    const hooks = { probe: session.probe, isOver: session.isOver };
    const outcome = isInOrder ? await repeatOrder(own, session) : await runCampaign(campaign, hooks);
    const view = { outcome, seed: plan.seed, durationMs: Date.now() - startedAt, jestArgs };
    process.stdout.write(`${grindLines(view, stdoutTerminal()).join('\n')}\n`);
    if (typeof argv.json === 'string') writeJson(path.relative(process.cwd(), path.resolve(argv.json)), view);
    const stopped = session.stoppedBy();
    if (stopped !== undefined) return exitCodeOf(stopped);
    // Of several nodes one may have no file.
    const isNothing = outcome.flaky.length === 0 && outcome.clean === 0 && !files.isOthers;
    const isRed = isNothing || outcome.flaky.some(({ classification }) => failOn.includes(classification.verdict));
    return isRed || outcome.faults.length > 0 ? 1 : 0;
  } finally {
    session.close();
  }
}

export const grindCommand: Command = {
  name: 'grind',
  describe: 'Run tests again and again: which are flaky, how often, and of what kind',
  positional: { name: 'paths', isList: true, describe: 'test files, as patterns of Jest' },
  flags: {
    times: { value: '<number>', describe: 'Rounds: runs of each condition', defaultText: String(DEFAULT_TIMES) },
    minutes: { value: '<number>', describe: 'Stop after this time' },
    forever: { value: null, describe: 'Until Ctrl-C' },
    seed: { value: '<number>', describe: 'Orders as in the campaign that printed it' },
    condition: { value: '<list>', describe: `Only some of ${CONDITIONS.join(',')}` },
    of: { value: '<run>', describe: 'Files that failed in a run, with those that ran around them' },
    'in-order': { value: null, describe: 'The files in the given order in one worker, once' },
    workers: { value: '<number>', describe: 'Workers where files run beside each other' },
    'fail-on': {
      value: '<list>',
      describe: 'Verdicts with exit code 1, or none',
      defaultText: 'all but NOT-REPRODUCED',
    },
    was: { value: '<failures/runs>', describe: 'Verify a fix: as many green runs as this rate needs' },
    json: { value: '<file>', describe: 'Write the results for programs' },
  },
  options: ['reportDir', 'nodes', 'nodeNumber', 'nodeIndex'],
  takesJestArguments: true,
  examples: [
    ['grind src/cart.test.js', '20 times alone, shuffled and under load'],
    ['grind src --minutes 10', 'all files of a folder, together first'],
    ['grind src/cart.test.js --was 3/40', 'is it corrected?'],
  ],
  execute: grind,
};
