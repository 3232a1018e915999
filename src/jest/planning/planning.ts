/**
 * Found files and settings → the plan, the same way in the sequencer of every node and in `jest-distributed plan`.
 */
import { readFile } from 'node:fs/promises';
import { DistributedError } from '../../errors';
import { shownPath } from '../../files/folders';
import { unreadableText } from '../../files/fs-error-text';
import type { PlanScope } from '../../plan/digest';
import { fileKey, type TestFile } from '../../plan/item';
import { makeItems } from '../../plan/make-items';
import { makePlan } from '../../plan/make-plan';
import type { Plan } from '../../plan/plan';
import { checkPlan, parsePlan } from '../../plan/plan-file';
import { planAgain } from '../../shell/plan-again';
import { previousAssignment } from '../../timings/assignment';
import { type Estimates, estimate } from '../../timings/estimates';
import { argumentsOfJest } from '../host/jest-arguments';
import { checkDigest } from './expected-digest';
import { findPragmas, idleGlobNotices } from './pragmas';
import { isQueued } from './queue-config';
import type { Session } from './session';
import { type FoundFiles, findSizes, findTimings, type TimingsInUse, unusedTimings } from './timings-source';

export interface Found extends FoundFiles {
  readonly scope: PlanScope;
}

export interface PlannedRun {
  readonly plan: Plan;
  /** Where durations came from; undefined where there were none. */
  readonly timings: TimingsInUse | undefined;
  /** A timings file that is there but may not be used, absolute. */
  readonly unusedTimings: string | undefined;
  /** What a person should know of the settings, a sentence each. */
  readonly notices: readonly string[];
  /** Node (0-based) by key in the last assignment for this number of nodes. */
  readonly previous: ReadonlyMap<string, number> | undefined;
}

/** Number of tests of each node, node 1 first; null where the tests of one of its items are not known. */
export function countPlannedTests({ plan, timings }: PlannedRun): (number | null)[] {
  return plan.nodes.map(({ items }) => {
    let count = 0;
    for (const { project, file, content } of items) {
      if (content?.kind === 'hashed') return null;
      const known = timings?.timings.files.get(fileKey({ project, path: file }));
      const tests = content?.kind === 'named' ? content.tests.length : (known?.testCount ?? 0);
      if (content === undefined && tests === 0) return null;
      count += tests;
    }
    return count;
  });
}

async function readPlanFile(file: string, source: string, command: string): Promise<Plan> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new DistributedError({
      code: 'PLAN_MISSING',
      message: `The plan ${file} (from ${source}) ${unreadableText(cause)}.`,
      remedy: `Write it on one machine and copy it to every node: ${command}`,
      cause,
    });
  }
  return parsePlan(text, `${file} (from ${source})`, command);
}

function nothingToStickTo(source: string, nodes: number): DistributedError {
  return new DistributedError({
    code: 'STICKY_WITHOUT_ASSIGNMENT',
    message: `The strategy is sticky (from ${source}), but no timings file in use holds an assignment for ${nodes} nodes.`,
    remedy: 'Remove the strategy: the first run then uses bounded-ring, and later runs with timings use sticky.',
  });
}

/** Sizes are asked of git only where they count: there is more than one node, and no duration is known. */
async function estimateFiles(found: Found, known: TimingsInUse | undefined, isAlone: boolean): Promise<Estimates> {
  const byTimings = estimate(found.files, known === undefined ? {} : { timings: known.timings });
  if (byTimings.unit === 'ms' || isAlone) return byTimings;
  const sizes = await findSizes(found);
  return sizes === undefined ? byTimings : estimate(found.files, { bytes: (_file, index) => sizes[index] });
}

/**
 * Plans a run, or obeys the plan file that the options name.
 *
 * @param plansForAll one process plans for all nodes, so its own inputs are enough.
 * @throws DistributedError where a plan file does not fit what was found, or the digest is not the expected one.
 */
export async function planRun(found: Found, session: Session, plansForAll: boolean): Promise<PlannedRun> {
  const { options, identity } = session;
  const { folders, files, scope } = found;
  if (options.plan !== undefined) {
    const { value, source } = options.plan;
    const command = planAgain(identity.nodes, argumentsOfJest(process.argv) ?? []);
    const plan = await readPlanFile(value, source, command);
    checkPlan(plan, files, identity.nodes, identity.source, `${shownPath(value)} (from ${source})`, command);
    await checkDigest(plan, options.expectDigest, { other: `the plan ${shownPath(value)} (from ${source})` });
    return { plan, timings: undefined, unusedTimings: undefined, notices: [], previous: undefined };
  }
  const nodes = identity.nodes;
  // One node plans for all that there are; in a queue there may be others all the same.
  const isAlone = nodes === 1 && !isQueued(session);
  const pragmas = findPragmas(found, options);
  const known = await findTimings({ folders, options, identity, plansForAll: plansForAll || isAlone });
  const { unit, estimates } = await estimateFiles(found, known, isAlone);
  const hashBy = options.hashBy.value;
  const workers = options.workers?.value ?? known?.timings.workers ?? 1;
  const previous = known && previousAssignment(known.timings, nodes);
  if (options.strategy?.value === 'sticky' && previous === undefined)
    throw nothingToStickTo(options.strategy.source, nodes);
  const items = makeItems({
    ...{ files, estimates, unit, nodes, workers, hashBy },
    testsOf: (index) => known?.timings.files.get(fileKey(files[index] as TestFile))?.tests(),
    pragmaOf: (index) => pragmas.get(index),
    hasOwnRunner: (index) => found.ownRunners?.[index] != null,
    splitsLocally: options.splitLocal.value && hashBy !== 'file',
  });
  const plan = makePlan({
    ...{ items, unit, nodes, workers, hashBy, scope },
    strategy: options.strategy?.value,
    ...(previous && { previous }),
  });
  const unused = unusedTimings(folders, options, known);
  await checkDigest(plan, options.expectDigest, {
    other: `the timings file (${known === undefined ? 'none is used here' : `here ${shownPath(known.path)}`})`,
    unusedTimings: unused,
  });
  const notices = idleGlobNotices(found, options);
  return { plan, timings: known, unusedTimings: unused, notices, previous };
}
