/** Makes probes: each is a Jest of its own, so that nothing of the one before is left. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { signalGroup } from '../../files/signal-group';
import type { Lane } from '../../flaky/lanes';
import type { FileSpan, ProbeResult, ProbeSpec, TestSight } from '../../flaky/probe';
import { variableName } from '../../jest/channels/environment';
import { PROBE_FD, type ProbeLine, type ProbeOrder } from '../../jest/probe/probe-order';
import { withoutOptions } from '../../options/environment';
import { type OptionName, optionRow } from '../../options/table';
import { withoutTestNames } from '../../shell/jest-flags';
import { testPattern } from '../../shell/reproduce-tests';
import { HOOK_NAMES } from '../../workers/hook';

export interface Prober {
  readonly probe: Lane;
  /** Ends the one that runs. */
  readonly stop: (signal: NodeJS.Signals) => void;
  readonly close: () => void;
}

/** Where probes are made. */
export interface ProbePlace {
  /** Absolute; file names are from here. */
  readonly cwd: string;
  /** Program and arguments of Node before those of Jest. */
  readonly program: readonly string[];
  /** A file as it is given → where it is here, absolute. */
  readonly locate: (file: string) => string;
  /** Settings of workers, by variable. */
  readonly settings: Readonly<Record<string, string>>;
}

/** In `dist` of any copy of this package. */
export const PROBE_PROCESS = path.join('jest', 'probe', 'probe-process.js');

/** Ends with this process. */
const PARENT_FD = 4;

/** What a probe gets; a file that blocks its thread for ever has no time limit of its own. */
const LONGEST_MS = 15 * 60 * 1000;

/** Arguments of Jest for a probe. */
function argumentsFor(
  { workers, randomizeSeed, tests }: ProbeSpec,
  files: readonly string[],
  jestArgs: readonly string[],
): string[] {
  return [
    // Jest would look for names that fit both.
    ...(tests === null ? jestArgs : [...withoutTestNames(jestArgs), '-t', testPattern(tests)]),
    ...(randomizeSeed === null ? [] : ['--randomize', `--seed=${randomizeSeed}`]),
    ...(workers === 1 ? ['--runInBand'] : [`--maxWorkers=${workers}`]),
    ...(jestArgs.some((arg) => /^--(?:no-)?ci(?:=|$)/.test(arg)) ? [] : ['--ci']),
    ...['--coverage=false', '--runTestsByPath', ...files],
  ];
}

/** Settings of workers (hooks, variables, slots) as a node has them; a probe is the only node, whatever else is set. */
const OF_WORKERS = ['env', ...HOOK_NAMES, 'hookSeconds', 'slotDir'] as const satisfies readonly OptionName[];

/** Those of them that are set by variables here. */
export function workerSettings(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const variables = OF_WORKERS.map((name) => optionRow(name).variable);
  return Object.fromEntries(
    variables.flatMap((name) => (environment[name] === undefined ? [] : [[name, environment[name]]])),
  );
}

const probeEnvironment = (settings: Readonly<Record<string, string>>): NodeJS.ProcessEnv => ({
  ...withoutOptions(process.env),
  ...settings,
  [optionRow('nodes').variable]: '1',
  [optionRow('nodeNumber').variable]: '1',
  [variableName('PARENT_FD')]: String(PARENT_FD),
});

/** In the working directory of this process, by the package that it is of. */
const placeHere = (): ProbePlace => ({
  cwd: process.cwd(),
  program: [...process.execArgv, path.join(__dirname, '..', '..', PROBE_PROCESS)],
  locate: (file) => path.resolve(file),
  settings: workerSettings(process.env),
});

function parseLines(output: string): ProbeLine[] {
  return output.split('\n').flatMap((line) => {
    try {
      return line === '' ? [] : [JSON.parse(line) as ProbeLine];
    } catch {
      // The process was killed in the middle of it.
      return [];
    }
  });
}

function sightsOf(line: ProbeLine, files: ReadonlyMap<string, string>): TestSight[] {
  if (line.kind === 'end') return [];
  const { project } = line;
  const file = files.get(line.path) ?? line.path;
  const whole: TestSight[] =
    line.error === null ? [] : [{ project, file, name: null, outcome: 'failed', durationMs: null, error: line.error }];
  const tests = line.tests
    .filter(({ isSkipped }) => !isSkipped)
    .map(({ name, hasFailed, durationMs, error }): TestSight => {
      return { project, file, name, outcome: hasFailed ? 'failed' : 'passed', durationMs, error };
    });
  return [...whole, ...tests];
}

/** None of a file that did not run. */
function spanOf(line: ProbeLine, files: ReadonlyMap<string, string>): FileSpan[] {
  if (line.kind === 'end' || line.endMs === 0) return [];
  return [{ file: files.get(line.path) ?? line.path, startMs: line.startMs, endMs: line.endMs }];
}

/** What a file as a whole did: it loaded, where it gave any test. */
function withFiles(sights: readonly TestSight[]): TestSight[] {
  const keyOf = ({ project, file }: TestSight) => JSON.stringify([project, file]);
  const broken = new Set(sights.filter(({ name }) => name === null).map(keyOf));
  const files = new Map(sights.map((sight) => [keyOf(sight), sight]));
  const whole = [...files]
    .filter(([key]) => !broken.has(key))
    .map(([, { project, file }]): TestSight => {
      return { project, file, name: null, outcome: 'passed', durationMs: null, error: null };
    });
  return [...sights, ...whole];
}

/** @param jestArgs what follows `--`. */
export function createProber(jestArgs: readonly string[], place: ProbePlace = placeHere()): Prober {
  const environment = probeEnvironment(place.settings);
  const folder = mkdtempSync(path.join(tmpdir(), 'jest-distributed-probe-'));
  let running: ChildProcess | undefined;
  let count = 0;
  const probe = async (spec: ProbeSpec): Promise<ProbeResult> => {
    const file = path.join(folder, `${count++}.json`);
    // As Jest has them.
    const paths = new Map(spec.files.map((name) => [realpathSync(place.locate(name)), name]));
    const order: ProbeOrder = { files: [...paths.keys()], load: spec.load };
    writeFileSync(file, JSON.stringify(order));
    const child = spawn(process.execPath, [...place.program, ...argumentsFor(spec, [...paths.keys()], jestArgs)], {
      cwd: place.cwd,
      env: { ...environment, [variableName('PROBE')]: file },
      stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
    });
    const life = child.stdio[PARENT_FD] as Readable;
    life.on('error', () => undefined);
    running = child;
    const timer = setTimeout(() => stop('SIGKILL'), LONGEST_MS);
    try {
      const printed = text(child.stderr as Readable).catch(() => '');
      const output = text(child.stdio[PROBE_FD] as Readable).catch(() => '');
      const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
      // Workers and what tests have started may live on, and hold the descriptors.
      stop('SIGKILL');
      const lines = parseLines(await output);
      const end = lines.find((line) => line.kind === 'end');
      const fault =
        end?.kind === 'end'
          ? end.error
          : `Jest ended ${signal === null ? `with exit code ${code}` : `by ${signal}`}: ${(await printed).trim().slice(-2_000)}`;
      const sights = withFiles(lines.flatMap((line) => sightsOf(line, paths)));
      return { spec, sights, spans: lines.flatMap((line) => spanOf(line, paths)), fault };
    } finally {
      clearTimeout(timer);
      life.destroy();
      running = undefined;
      rmSync(file, { force: true });
    }
  };
  const stop = (signal: NodeJS.Signals) => signalGroup(running?.pid, signal);
  return { probe, stop, close: () => rmSync(folder, { recursive: true, force: true }) };
}
