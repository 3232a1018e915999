/**
 * The settings of a command that plans for all nodes and is none of them itself.
 */

import { existsSync } from 'node:fs';
import { DistributedError } from '../../errors';
import { loadOptions } from '../../files/load-options';
import { listTestFiles, type TestFileList } from '../../jest/host/list-test-files';
import { meantFiles, unfiltered } from '../../jest/planning/meant-files';
import { type PlannedRun, planRun } from '../../jest/planning/planning';
import type { Session } from '../../jest/planning/session';
import { identifyNode } from '../../node/identity';
import { type Options, resolveOptions } from '../../options/resolve';
import type { OptionName } from '../../options/table';
import { hasFlag, patternsIn } from '../../shell/jest-flags';
import type { Arguments } from '../command-line/command';
import { plainJest, sameCommand } from '../command-line/same-command';

/** Options that say nothing of who runs what: of one node, of what it writes, of a queue. */
export const IDLE_WHEN_PLANNING = [
  ...(['nodeNumber', 'nodeIndex', 'disabled', 'label', 'reportDir', 'runId'] as const),
  ...(['databaseUrl', 'databaseSchema', 'nodeName', 'maxRetries', 'rerun', 'leaseSeconds'] as const),
] as const satisfies readonly OptionName[];

export interface PlanningSession extends Session {
  readonly collected: TestFileList & Pick<Session, 'folders'>;
}

/** A planner needs the number of nodes, but is not one of them: whichever node the settings name, 1 will do. */
function withPlannerIdentity(options: Options): Options {
  if (typeof options.nodes?.value !== 'number') return options;
  return { ...options, nodeNumber: { value: 1, source: 'the planner' }, nodeIndex: undefined };
}

/** What a person may have meant by paths or patterns, of all the files that Jest finds without them. */
async function meantInstead(given: readonly string[], jestArgs: readonly string[]): Promise<string> {
  const meant = await meantFiles(given, jestArgs);
  return meant ?? `See what Jest finds: ${plainJest(['--listTests', ...unfiltered(jestArgs)])}`;
}

async function noFiles({ root }: TestFileList, jestArgs: readonly string[]): Promise<DistributedError> {
  return new DistributedError({
    code: 'NO_FILES',
    message: `Jest finds no test file in ${root}${jestArgs.length > 0 ? ` with the arguments ${jestArgs.join(' ')}` : ''}.`,
    remedy: await meantInstead(patternsIn(jestArgs), jestArgs),
  });
}

/** Jest takes such a path for a test file, whether or not it is there, and each node fails to open it. */
async function refuseAbsentFiles({ rootPaths, testPaths }: TestFileList, jestArgs: readonly string[]): Promise<void> {
  const absent = rootPaths.filter((_, index) => !existsSync(testPaths[index] as string));
  if (absent.length === 0) return;
  throw new DistributedError({
    code: 'FILE_UNKNOWN',
    message: `There is no file ${absent.join(', ')} (from --runTestsByPath).`,
    remedy: await meantInstead(absent, jestArgs),
  });
}

/**
 * Reads settings and asks Jest for its files.
 *
 * @throws DistributedError on wrong settings, where the number of nodes is not given, or where Jest finds no file and calls that an error.
 */
export async function openPlanningSession(
  flags: Readonly<Record<string, unknown>>,
  jestArgs: readonly string[],
): Promise<PlanningSession> {
  const environment = process.env;
  // Settings first: a typing error should not cost the time that Jest takes to find its files.
  resolveOptions({ flags, environment });
  const collected = await listTestFiles(process.cwd(), jestArgs);
  const loaded = await loadOptions({ flags, environment, rootDir: collected.root });
  const { folders } = loaded;
  const options = withPlannerIdentity(loaded.options);
  const identity = identifyNode(options, environment);
  if (collected.files.length === 0 && collected.nothing === null) throw await noFiles(collected, jestArgs);
  if (hasFlag(jestArgs, 'runTestsByPath')) await refuseAbsentFiles(collected, jestArgs);
  const { root, scope } = collected;
  return {
    ...{ options, folders, identity, environment },
    collected: { ...collected, folders },
    invocation: { root, scope, listTests: false, watch: false, onlyFailures: false },
  };
}

/** The plan of a planning session. @param plansForAll its inputs need not be those that nodes find for themselves. */
export function planSession(session: PlanningSession, plansForAll: boolean): Promise<PlannedRun> {
  return planRun(session.collected, session, plansForAll);
}

/** @throws DistributedError where nothing says how many nodes there are. */
export function requireNodes({ options, identity }: Session, argv: Arguments): void {
  if (options.nodes !== undefined || identity.nodes > 1) return;
  throw new DistributedError({
    code: 'NODES_MISSING',
    message: 'The number of nodes is not set.',
    remedy: `For 4 nodes: ${sameCommand(argv, ['--nodes', '4'])}`,
  });
}
