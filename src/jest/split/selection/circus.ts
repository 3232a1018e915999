/**
 * Selecting in jest-circus, through the environment's documented `handleTestEvent`.
 *
 * Foreign tests are marked as skipped before circus computes hooks, so that a suite without own tests runs none of its
 * hooks, `.only` keeps its meaning, and Jest keeps their snapshots. Their results are dropped afterwards.
 *
 * The project's own environment has its turn first: what it skips, adds or takes away at the start is a part of the file
 * that all nodes see alike.
 */
import type { DeclaredTest } from '../../../select/declared-test';
import type { FileSelection } from '../../../select/file-selection';
import { keepForeignSnapshots, type SelectionOutcome, selectOwn } from './apply-selection';
import { declaredTest, testsOf } from './circus-tree';
import type {
  AssertionResult,
  CircusEvent,
  CircusState,
  CircusTest,
  JestEnvironment,
  JestExpect,
} from './circus-types';
import { type Places, placesByList, placesByName, type ReportedTest } from './result-positions';

export interface Selecting {
  /** Undefined until the file's tests are known; stays so where the runner reports none. */
  outcome(): SelectionOutcome | undefined;
  /** Which of the file's tests the results are of. */
  placesOf(results: readonly AssertionResult[]): Places;
}

/** Installs the selection; call before circus starts. */
export function selectInCircus(environment: JestEnvironment, selection: FileSelection): Selecting {
  const foreign = new Set<CircusTest>();
  /** Somebody took our mark off them: their results and their errors stay, for the proof to see. */
  const strays = new Set<CircusTest>();
  let outcome: SelectionOutcome | undefined;
  let expect: JestExpect | undefined;
  let declared: readonly DeclaredTest[] = [];
  let places: ReadonlyMap<CircusTest, number> = new Map();
  let reported: readonly ReportedTest[] = [];

  const select = (state: CircusState): void => {
    const tests = testsOf(state.rootDescribeBlock);
    declared = tests.map(declaredTest);
    places = new Map(tests.map((test, index) => [test, index]));
    outcome = selectOwn(declared, selection, 'test-runner');
    outcome.mine.forEach((isMine, index) => {
      if (isMine) return;
      const test = tests[index] as CircusTest;
      test.mode = 'skip';
      foreign.add(test);
    });
    keepForeignSnapshots(expect?.getState().snapshotState, declared, outcome.foreignNames);
  };

  const finish = (state: CircusState): void => {
    reported = testsOf(state.rootDescribeBlock).map((test) => ({ title: test.name, place: places.get(test) ?? null }));
    // Whatever was thrown while circus passed over a foreign test must not vanish with that test.
    for (const test of foreign) if (!strays.has(test)) state.unhandledErrors.push(...test.errors.splice(0));
  };

  const follow = (event: CircusEvent, state: CircusState): void => {
    if (event.name === 'setup') expect = event.runtimeGlobals?.expect;
    else if (event.name === 'run_finish') finish(state);
    else if (event.name === 'test_fn_start' && event.test !== undefined && foreign.has(event.test))
      strays.add(event.test);
    else if (event.name === 'hook_failure' && event.hook?.type === 'beforeAll') {
      // Circus blames every test below the hook; own tests carry the error already.
      for (const test of foreign) test.errors = [];
    } else if (event.name === 'test_skip' && isForeign(event)) {
      // Jest 29 leaves a skipped test current, so that a late error of the test before it would go down with this one.
      state.currentlyRunningTest = null;
    }
  };

  const isForeign = ({ test }: CircusEvent): boolean => test !== undefined && foreign.has(test);

  const own = environment.handleTestEvent;
  // Not async: circus dispatches definitions synchronously, where a promise would swallow what a handler throws.
  environment.handleTestEvent = function handleTestEvent(this: JestEnvironment, event, state) {
    if (event.name === 'run_start') {
      const done = own?.call(this, event, state);
      return done === undefined ? select(state) : Promise.resolve(done).then(() => select(state));
    }
    follow(event, state);
    // To the user's environment a test of another node does not happen at all.
    return isForeign(event) ? undefined : own?.call(this, event, state);
  };

  return {
    outcome: () => outcome,
    placesOf: (results) => placesByList(reported, results) ?? placesByName(declared, results),
  };
}
