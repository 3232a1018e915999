/** `run --burn-in`: before the tests of this node, those that this branch changes run again and again. */
import { realpathSync } from 'node:fs';
import path from 'node:path';
import { DistributedError } from '../../errors';
import { changedFiles, fileAt } from '../../files/changed-files';
import { loadOptions } from '../../files/load-options';
import { onStopSignal } from '../../files/processes';
import { nameInQuarantine, readQuarantineFile } from '../../files/quarantine-file';
import { stderrTerminal } from '../../files/standard-terminals';
import { burnIn } from '../../flaky/burn-in';
import type { ProbedTest } from '../../flaky/probe';
import {
  dayOf,
  entryOf,
  isExpired,
  NO_QUARANTINE,
  QUARANTINE_FILE,
  type Quarantine,
  readQuarantine,
} from '../../flaky/quarantine';
import { totalOf } from '../../flaky/tally';
import { listTestFiles } from '../../jest/host/list-test-files';
import { baseBranch } from '../../node/base-branch';
import { identifyNode } from '../../node/identity';
import { pickFlags } from '../../options/flags';
import { optionNames } from '../../options/table';
import { countText, testName } from '../../reports/flaky/grind-lines';
import { noticeLines } from '../../reports/node/share-lines';
import { commandLines } from '../../reports/terminal/command-lines';
import { countOf, formatDuration } from '../../reports/terminal/format';
import type { Arguments } from '../command-line/command';
import { createProber } from './prober';

/** Passes so often say with 95 % certainty that it fails less than once in 17 runs. */
const MOST_RUNS = 50;

const say = (text: string): boolean => process.stderr.write(`${noticeLines(text, stderrTerminal()).join('\n')}\n`);

/** `3m`, `90s`, or seconds. @throws DistributedError `BURN_IN_INVALID`. */
function budgetOf(given: unknown): number {
  const [, count, unit = 's'] = /^(\d+(?:\.\d+)?)(s|m)?$/.exec(String(given)) ?? [];
  const budgetMs = Number(count) * (unit === 'm' ? 60_000 : 1_000);
  if (budgetMs > 0) return budgetMs;
  throw new DistributedError({
    code: 'BURN_IN_INVALID',
    message: `The time of --burn-in is "${String(given)}".`,
    remedy: 'Give minutes or seconds: --burn-in 3m',
  });
}

function noBase(given: string | null): DistributedError {
  return new DistributedError({
    code: 'BURN_IN_BASE_UNKNOWN',
    message:
      given === null
        ? 'Git does not know where this branch began, so --burn-in cannot know which tests are new.'
        : `Git knows no common commit with ${given} (from --burn-in-base).`,
    remedy:
      'Fetch the base branch with its history (actions/checkout: fetch-depth: 0), or name it: --burn-in-base origin/main',
  });
}

/** Entries that this change brings exempt nothing: it could bring a flaky test with them. */
async function exemptTests(projectDir: string, commit: string): Promise<(test: ProbedTest) => boolean> {
  const today = dayOf(Date.now());
  const { quarantine } = readQuarantineFile(projectDir, Date.now());
  const before = parseQuarantine(await fileAt(projectDir, commit, QUARANTINE_FILE), today);
  return ({ project, file, name }) => {
    const own = nameInQuarantine(projectDir, path.resolve(file));
    const ran = { file: own, project, name: name ?? '' };
    const entry = entryOf(quarantine, ran);
    return entry !== undefined && !isExpired(entry, today) && entryOf(before, ran) !== undefined;
  };
}

function parseQuarantine(text: string | undefined, today: string): Quarantine {
  try {
    return text === undefined ? NO_QUARANTINE : readQuarantine(JSON.parse(text), today).quarantine;
  } catch {
    // It was no JSON then.
    return NO_QUARANTINE;
  }
}

export interface BurnInEnd {
  /** Why the run is red, a clause each. */
  readonly red: readonly string[];
  /** Of its flaky tests, as they are given to `grind`. */
  readonly files: readonly string[];
  /** Somebody ended it: nothing else is to run. */
  readonly stoppedBy: NodeJS.Signals | undefined;
}

export const NO_BURN_IN: BurnInEnd = { red: [], files: [], stoppedBy: undefined };

/** After the tests: by then its first report is far up in the log. */
export function printRedBurnIn({ red, files }: BurnInEnd): void {
  if (red.length === 0) return;
  const terminal = stderrTerminal();
  const grind = commandLines(['npx', 'jest-distributed', 'grind', ...files], terminal, '    ');
  const lines = [...noticeLines(`red: ${red.join('; ')}`, terminal), '  to see when they fail:', ...grind];
  process.stderr.write(`${lines.join('\n')}\n`);
}

/**
 * @param isAll this process runs the files of all nodes.
 * @throws DistributedError `BURN_IN_INVALID`, `BURN_IN_BASE_UNKNOWN`.
 */
export async function runBurnIn(argv: Arguments, jestArgs: readonly string[], isAll: boolean): Promise<BurnInEnd> {
  const budgetMs = budgetOf(argv.burnIn);
  const given = typeof argv.burnInBase === 'string' ? argv.burnInBase : null;
  const { root, testPaths } = await listTestFiles(process.cwd(), jestArgs);
  const { options, folders } = await loadOptions({
    ...{ flags: pickFlags(argv, optionNames), environment: process.env, rootDir: root },
  });
  const changed = await changedFiles(folders.projectDir, given, baseBranch(process.env));
  if (changed === undefined) throw noBase(given);
  const known = new Set(changed.files.map((file) => path.resolve(file)));
  const real = (file: string) => (known.has(file) ? file : realpathSync(file));
  const all = [...new Set(testPaths)].filter((file) => known.has(real(file))).sort();
  const { number, nodes } = isAll ? { number: 1, nodes: 1 } : identifyNode(options, process.env);
  const files = all
    .filter((_, index) => index % nodes === number - 1)
    .map((file) => path.relative(process.cwd(), file));
  if (files.length === 0) {
    say(
      `burn-in: ${all.length === 0 ? `no test file differs from ${changed.base} (${changed.commit.slice(0, 8)}), so none runs again and again` : 'the changed test files are for other nodes'}`,
    );
    return NO_BURN_IN;
  }
  const prober = createProber(jestArgs);
  let stoppedBy: NodeJS.Signals | undefined;
  const release = onStopSignal((signal) => {
    stoppedBy = signal;
    prober.stop(signal);
  });
  try {
    say(
      `burn-in: ${countOf(files.length, 'test file')} that ${files.length === 1 ? 'differs' : 'differ'} from ${changed.base}, for at most ${formatDuration(budgetMs)}`,
    );
    const { flaky, runs, once, testless, unrun, faults } = await burnIn(
      { files, budgetMs, most: MOST_RUNS },
      { probe: prober.probe, now: () => performance.now(), isOver: () => stoppedBy !== undefined },
    );
    // What was cut off shows nothing.
    if (stoppedBy !== undefined) return { ...NO_BURN_IN, stoppedBy };
    const exempt = await exemptTests(folders.projectDir, changed.commit);
    const decisive = flaky.filter((test) => !exempt(test));
    for (const test of flaky.filter(exempt)) {
      say(`burn-in: ${testName(test)} is in quarantine and does not decide: ${countText(totalOf(test))}`);
    }
    for (const test of decisive) {
      say(`burn-in: ${testName(test)} is flaky: ${countText(totalOf(test))}: ${test.errors[0]?.line ?? ''}`);
    }
    if (testless.length > 0) say(`burn-in: no test ran of ${testless.join(', ')}`);
    if (once.length > 0) say(`burn-in: one run shows no flaky test; there was no time for more of ${once.join(', ')}`);
    if (unrun.length > 0) say(`burn-in: no time was left for ${unrun.join(', ')}`);
    for (const fault of faults) say(`burn-in: Jest gave no results: ${fault.split('\n')[0]}`);
    say(`burn-in: ${countOf(runs, 'run')}, ${countOf(decisive.length, 'flaky test')}`);
    if (decisive.length === 0) return NO_BURN_IN;
    const red = `burn-in found ${countOf(decisive.length, 'flaky test')} that this change brings or touches`;
    return { ...NO_BURN_IN, red: [red], files: [...new Set(decisive.map(({ file }) => file))] };
  } finally {
    release();
    prober.close();
  }
}
