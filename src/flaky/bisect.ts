/**
 * Finds what makes a test fail: a test before it in its file, a file before it in its worker, or a file beside it.
 *
 * First the kind, by leaving out the largest parts; then who it is, by halves. A failure that does not come every time
 * is asked for several times.
 */
import { countOf } from '../proof/finding';
import { neighboursOf } from './neighbours';
import { PLAIN_PROBE, type ProbedTest, type ProbeResult, type ProbeSpec } from './probe';
import { findCulprits, questionsFor } from './search';
import { seedOf, shuffle } from './shuffle';

/** In whichever project of Jest it fails. */
type Victim = Pick<ProbedTest, 'file' | 'name'>;

export interface BisectPlan {
  /** The test that fails; without a name whichever of its file does. */
  readonly victim: Victim;
  /** Files that ran before it in its worker, oldest first. */
  readonly before: readonly string[];
  /** Files that ran beside it. */
  readonly beside: readonly string[];
  /** Of the order of its tests in which it failed; null: it is looked for. */
  readonly randomizeSeed: number | null;
  readonly seed: number;
  readonly workers: number;
  /** Orders of its tests that are tried, and runs in which it may show that it fails at times. */
  readonly attempts: number;
}

export type BisectKind =
  /** A test before it in its file. */
  | 'tests'
  /** A file before it in its worker. */
  | 'files-before'
  /** It needs a file before it, and fails without. */
  | 'needs-files'
  /** A file that runs at the same time. */
  | 'files-beside'
  /** It fails by itself, whatever runs with it. */
  | 'itself'
  /** It did not fail. */
  | 'not-reproduced'
  /** Its file ran, and has no test of that name. */
  | 'unknown-test'
  /** Several tests of the file fail by themselves, and none of them was named. */
  | 'several-tests';

export interface BisectOutcome {
  readonly kind: BisectKind;
  /** What fails: the test that was named, or the only one of the file that does. */
  readonly victim: Victim;
  /** Who makes it fail: full names of tests, or paths of files. */
  readonly culprits: readonly string[];
  /** The smallest probe in which it fails; null where it never did. */
  readonly spec: ProbeSpec | null;
  /** How often that probe is made until it fails; 1: it fails every time. */
  readonly repeats: number;
  readonly probes: number;
}

export interface BisectHooks {
  readonly probe: (spec: ProbeSpec) => Promise<ProbeResult>;
  /** What is done next, in words, with how many are left and how many probes that takes at most. */
  readonly onStep?: (text: string) => void;
  readonly isOver: () => boolean;
}

/** Thrown where the time is over. */
export class BisectStopped extends Error {}

/** A search asks so many questions that each of them must be answered wrongly less often. */
const WRONG_ANSWER = 0.005;

/** Of files that ran beside it few are asked about, and who is named wrongly is asked about again. */
const WRONG_OF_FEW = 0.02;

/** Runs by which it is guessed how often a failure comes. */
const FEW = 3;

/** Runs after which a failure that comes at this share has come. */
const repeatsFor = (share: number, wrong = WRONG_ANSWER): number =>
  share >= 1 ? 1 : Math.min(30, Math.ceil(Math.log(wrong) / Math.log(1 - share)));

export async function bisect(plan: BisectPlan, hooks: BisectHooks): Promise<BisectOutcome> {
  const { before, beside, workers, attempts, seed } = plan;
  let { victim } = plan;
  const { file } = victim;
  let probes = 0;

  const look = async (spec: ProbeSpec): Promise<{ readonly hasFailed: boolean; readonly result: ProbeResult }> => {
    if (hooks.isOver()) throw new BisectStopped();
    probes += 1;
    const result = await hooks.probe(spec);
    const own = result.sights.filter((sight) => sight.file === file);
    const failed = own.filter(({ outcome }) => outcome === 'failed');
    // A file that does not load has no test to blame.
    return {
      hasFailed: failed.some(({ name }) => victim.name === null || name === victim.name || name === null),
      result,
    };
  };

  /** Whether it fails in one of so many. */
  const failsIn = async (spec: ProbeSpec, repeats: number): Promise<boolean> => {
    for (let run = 0; run < repeats; run++) if ((await look(spec)).hasFailed) return true;
    return false;
  };

  /** The share of so many in which it fails; a first failure that repeats is one that always comes. */
  const shareOf = async (spec: ProbeSpec, runs: number): Promise<number> => {
    let failures = 0;
    for (let run = 1; run <= runs; run++) {
      if ((await look(spec)).hasFailed) failures += 1;
      if (run === 5 && failures === 5) return 1;
      // Seen often enough for a guess.
      if (failures >= 3 && failures < run) return failures / run;
    }
    return failures / runs;
  };

  /** How often that is to be made until a failure of few tries has come again; null: it did not come. */
  const repeatsOf = async (spec: ProbeSpec): Promise<number | null> => {
    const hasFailed: boolean[] = [];
    while (hasFailed.length < FEW || (hasFailed.length < attempts && !hasFailed.includes(true))) {
      hasFailed.push((await look(spec)).hasFailed);
    }
    const failures = hasFailed.filter(Boolean).length;
    // Of few runs nobody knows more than that; what failed each time may fail seldomer with fewer beside it.
    return failures === 0 ? null : repeatsFor((failures + 1) / (hasFailed.length + 2), WRONG_OF_FEW);
  };

  const done = (
    kind: BisectKind,
    culprits: readonly string[],
    spec: ProbeSpec | null,
    repeats: number,
  ): BisectOutcome => ({ kind, victim, culprits, spec, repeats, probes });

  const search = async (
    what: string,
    all: readonly string[],
    repeats: number,
    fails: (list: readonly string[]) => Promise<boolean>,
  ): Promise<readonly string[]> => {
    const most = questionsFor(all.length) * repeats;
    hooks.onStep?.(`${what}: ${countOf(all.length, 'candidate')}, at most ${countOf(most, 'more run')}`);
    let found = await findCulprits(all, {
      fails,
      onStep: (left) => left < all.length && hooks.onStep?.(`${what}: ${countOf(left, 'candidate')} left`),
    });
    // Several are seldom to blame: a wrong answer leaves some that are not.
    for (const one of found.length > 1 ? found : []) {
      const others = found.filter((other) => other !== one);
      for (let run = 0; run < attempts && found.includes(one); run++) if (await fails(others)) found = others;
    }
    return found;
  };

  /** Among the tests of its file. */
  const amongTests = async (names: readonly string[], randomizeSeed: number | null, repeats: number) => {
    const own = victim.name as string;
    const specOf = (others: readonly string[]): ProbeSpec => ({
      ...{ ...PLAIN_PROBE, files: [file], randomizeSeed, tests: [...others, own] },
      condition: randomizeSeed === null ? 'alone' : 'shuffled',
    });
    hooks.onStep?.('the test by itself');
    if (await failsIn(specOf([]), repeats)) return done('itself', [], specOf([]), repeats);
    const others = names.filter((name) => name !== own);
    if (others.length === 0) return done('itself', [], specOf([]), repeats);
    const culprits = await search('tests of the file', others, repeats, (list) => failsIn(specOf(list), repeats));
    return done('tests', culprits, specOf(culprits), repeats);
  };

  const namesIn = ({ sights }: ProbeResult): string[] => [
    ...new Set(sights.flatMap((sight) => (sight.file === file && sight.name !== null ? [sight.name] : []))),
  ];

  /** None where the file failed as a whole. */
  const failedIn = ({ sights }: ProbeResult): string[] => {
    const failed = sights.filter((sight) => sight.file === file && sight.outcome === 'failed');
    return failed.some(({ name }) => name === null) ? [] : [...new Set(failed.map(({ name }) => name as string))];
  };

  /**
   * Looks into the test that failed in a probe of the file alone: the one that was named, or the only one.
   *
   * @param repeats null: it is to be found out how often it fails.
   */
  const blame = async (result: ProbeResult, spec: ProbeSpec, repeats: number | null): Promise<BisectOutcome> => {
    if (victim.name === null) {
      const failed = failedIn(result);
      const [only] = failed;
      if (failed.length > 1) return done('several-tests', failed, spec, 1);
      if (only === undefined) return done('itself', [], spec, 1);
      victim = { file, name: only };
    }
    const often = repeats ?? repeatsFor(await shareOf(spec, attempts));
    return amongTests(namesIn(result), spec.randomizeSeed, often);
  };

  const alone: ProbeSpec = { ...PLAIN_PROBE, condition: 'alone', files: [file] };
  const sequence = (files: readonly string[]): ProbeSpec => ({
    ...{ ...PLAIN_PROBE, condition: files.length === 0 ? 'alone' : 'sequence', files: [...files, file] },
  });

  if (plan.randomizeSeed !== null) {
    hooks.onStep?.('its tests in the given order');
    const spec: ProbeSpec = { ...alone, condition: 'shuffled', randomizeSeed: plan.randomizeSeed };
    const { hasFailed, result } = await look(spec);
    if (hasFailed) return blame(result, spec, 1);
  }

  hooks.onStep?.('the file alone');
  const first = await look(alone);
  const names = namesIn(first.result);
  if (victim.name !== null && names.length > 0 && !names.includes(victim.name)) {
    return done('unknown-test', names, null, 1);
  }
  if (before.length > 0) {
    hooks.onStep?.(`after the ${countOf(before.length, 'file')} that ran before it`);
    const { hasFailed } = await look(sequence(before));
    if (first.hasFailed && !hasFailed) {
      const needed = await search('files before it', before, 1, async (list) => !(await failsIn(sequence(list), 1)));
      return done('needs-files', needed, alone, 1);
    }
    if (!first.hasFailed && hasFailed) {
      const culprits = await search('files before it', before, 1, (list) => failsIn(sequence(list), 1));
      hooks.onStep?.('once more what was found');
      if (await failsIn(sequence(culprits), 1)) return done('files-before', culprits, sequence(culprits), 1);
      // It does not fail every time after all.
      const share = await shareOf(sequence(before), attempts);
      const repeats = repeatsFor(Math.max(share, 1 / attempts));
      const again = await search('files before it', before, repeats, (list) => failsIn(sequence(list), repeats));
      return done('files-before', again, sequence(again), repeats);
    }
  }
  if (first.hasFailed) return blame(first.result, alone, null);

  const besideSpec = (files: readonly string[]): ProbeSpec => ({
    ...{ ...PLAIN_PROBE, condition: 'beside', files: [file, ...files], workers: Math.min(workers, files.length + 1) },
  });
  /** Those that really ran while it failed, nearest last; all of them where nobody knows. Null: it did not fail. */
  const meet = async (): Promise<readonly string[] | null> => {
    let unmet = beside;
    for (let attempt = 0; attempt < attempts; attempt++) {
      // Of many files only the first ones run while it does: those that did not are first next time.
      const order = [...unmet, ...beside.filter((one) => !unmet.includes(one))];
      const { hasFailed, result } = await look(besideSpec(order));
      const near = neighboursOf(file, result.spans).filter((one) => beside.includes(one));
      if (hasFailed) return near.length > 0 ? [...near].reverse() : beside;
      const left = unmet.filter((one) => !near.includes(one));
      unmet = left.length === 0 ? shuffle(beside, seedOf(seed, attempt)) : left;
    }
    return null;
  };
  if (beside.length > 0) {
    hooks.onStep?.(`beside ${countOf(beside.length, 'file')}`);
    const near = await meet();
    // They start at the same time as it does, the nearest first.
    const specOf = (list: readonly string[]) => besideSpec([...list].reverse());
    for (const candidates of near === null ? [] : near.length < beside.length ? [near, beside] : [near]) {
      const repeats = await repeatsOf(specOf(candidates));
      if (repeats === null) continue;
      const culprits = await search('files beside it', candidates, repeats, (list) => failsIn(specOf(list), repeats));
      return done('files-beside', culprits, specOf(culprits), repeats);
    }
  }

  for (let attempt = 0; attempt < attempts; attempt++) {
    const spec: ProbeSpec = { ...alone, condition: 'shuffled', randomizeSeed: seedOf(seed, attempt) };
    hooks.onStep?.(`its tests in another order (${attempt + 1} of ${attempts})`);
    const { hasFailed, result } = await look(spec);
    if (hasFailed) return blame(result, spec, 1);
  }
  hooks.onStep?.('the file alone, again');
  const share = await shareOf(alone, attempts);
  if (share === 0) return done('not-reproduced', [], null, 1);
  if (victim.name === null) return done('itself', [], alone, repeatsFor(share));
  return amongTests(namesIn(first.result), null, repeatsFor(share));
}
