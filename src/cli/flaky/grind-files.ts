/** Which files a campaign is about, and which run around them. */
import { DistributedError } from '../../errors';
import { loadOptions } from '../../files/load-options';
import { identifyNode } from '../../node/identity';
import { pickFlags } from '../../options/flags';
import type { Arguments } from '../command-line/command';
import { contextOf, exactFiles, findExecution, findTargets, readRecordedOrder } from './flaky-targets';

export interface GrindFiles {
  readonly targets: readonly string[];
  readonly context: readonly string[];
  /** All of the files are for other nodes. */
  readonly isOthers?: boolean;
}

export interface FoundFiles extends GrindFiles {
  /** Some of the targets, with what runs around them. @param company others that do so too. */
  readonly only: (targets: readonly string[], company: readonly string[]) => GrindFiles;
}

const nothingAround: FoundFiles['only'] = (targets, company) => ({ targets, context: [...targets, ...company] });

/** On one machine there is no second node: both would take ports and time from each other. */
const numberMissing = (nodes: number): DistributedError =>
  new DistributedError({
    code: 'NODES_WITHOUT_NODE_NUMBER',
    message: `There are ${nodes} nodes (from --nodes), but the node number is not set, and grind does not start nodes on this machine: their tests would take ports and processor time from each other, so no test would run alone.`,
    remedy: `On several machines: name them with --hosts ada,bob, or start it on each with --nodes ${nodes} and its --node-number. Here: leave out --nodes.`,
  });

/** Where several nodes grind, each takes some of the files. */
async function ownShare(argv: Arguments, files: readonly string[]): Promise<readonly string[]> {
  const flags = pickFlags(argv, ['nodes', 'nodeNumber', 'nodeIndex']);
  const { options } = await loadOptions({ flags, environment: process.env, rootDir: null });
  const isNode = options.nodeNumber !== undefined || options.nodeIndex !== undefined;
  if (!isNode && argv.nodes !== undefined && typeof options.nodes?.value === 'number' && options.nodes.value > 1) {
    throw numberMissing(options.nodes.value);
  }
  // A config file says how many nodes a run has; whoever grinds by hand is none of them.
  if (!isNode && typeof options.nodes?.value === 'number') return files;
  const { number, nodes } = identifyNode(options, process.env);
  return files.filter((_, index) => index % nodes === number - 1);
}

/**
 * As paths from the working directory.
 *
 * @param isQueued nodes take files from a queue, so that none of them has a share beforehand.
 * @throws DistributedError `FILE_UNKNOWN`, `RECORDED_RUN_UNKNOWN`.
 */
export async function findGrindFiles(
  argv: Arguments,
  jestArgs: readonly string[],
  isQueued: boolean,
): Promise<FoundFiles> {
  const given = (argv.paths as readonly string[] | undefined) ?? [];
  if (argv.inOrder === true) {
    const files = exactFiles(given);
    return { ...nothingAround(files, []), only: nothingAround };
  }
  if (argv.of === undefined) {
    const all = await findTargets(given, jestArgs);
    const targets = isQueued ? all : await ownShare(argv, all);
    return { ...nothingAround(targets, []), only: nothingAround, isOthers: targets.length === 0 && all.length > 0 };
  }
  const order = await readRecordedOrder(String(argv.of), argv, jestArgs);
  const failed = order.executions.flatMap((one) => (one.hasFailed ? (order.pathOf(one.file) ?? []) : []));
  const targets = given.length > 0 ? await findTargets(given, jestArgs) : [...new Set(failed)];
  const around = (file: string): readonly string[] => {
    const execution = findExecution(order, file);
    if (execution === undefined) return [file];
    const { before, beside } = contextOf(order, execution);
    return [...before, file, ...beside];
  };
  const only: FoundFiles['only'] = (some, company) => ({
    ...{ targets: some, context: [...new Set([...some.flatMap(around), ...company])] },
  });
  return { ...only(targets, []), only };
}
