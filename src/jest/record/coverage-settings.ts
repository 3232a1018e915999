/**
 * Coverage on a node: collected for the blob, neither reported nor checked, because a share's coverage says nothing of
 * the whole. Merge reports and checks.
 */
import path from 'node:path';
import type { JsonObject, StoredThreshold } from '../../blob/blob';
import type { TextMapping } from '../../blob/portable-paths';
import type { Checkout } from '../../files/checkout';
import { channel } from '../channels/channel';
import type { JestGlobalConfig } from '../host/jest-types';

interface CoverageConfig extends JestGlobalConfig {
  readonly coverageReporters?: readonly unknown[];
  readonly collectCoverageFrom?: readonly string[];
}

/**
 * Settings of a node's run; everything else stays as it is. Only the global config: project configs are part of Jest's
 * transform cache key.
 */
export function nodeCoverageSettings<T extends JestGlobalConfig>(globalConfig: T): T {
  if (globalConfig.collectCoverage !== true) return globalConfig;
  const { collectCoverageFrom } = globalConfig as CoverageConfig;
  return {
    ...globalConfig,
    // Istanbul's own reporter that writes nothing; for an empty list Jest prints a summary.
    coverageReporters: ['none'],
    coverageThreshold: undefined,
    // A list of our own, so that skipUntestedFiles can empty it.
    ...(collectCoverageFrom && { collectCoverageFrom: [...collectCoverageFrom] }),
  };
}

const threshold = channel<unknown>('coverage-threshold', () => undefined);

/** The `coverageThreshold` that was taken out of this node's config, because a share can say nothing of it. */
export const publishThreshold = threshold.publish;

export const readThreshold = threshold.read;

const isGroups = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && Object.keys(value).length > 0;

const mapKeys = (groups: JsonObject, map: (group: string) => string): JsonObject =>
  Object.fromEntries(Object.entries(groups).map(([group, limits]) => [map(group), limits]));

/**
 * A threshold as a blob carries it; null where there is none.
 *
 * @param cwd working directory of this Jest: its coverage reporter resolves groups against that.
 * @param portable takes this machine's paths away.
 */
export function storeThreshold(threshold: unknown, cwd: string, portable: TextMapping): StoredThreshold | null {
  return isGroups(threshold) ? { from: portable(cwd), groups: mapKeys(threshold, portable) } : null;
}

/**
 * The reverse: a `coverageThreshold` that means here what it meant there.
 *
 * Jest looks on the disk for what a group may match: groups that lead out of the checkout are left out.
 */
export function restoreThreshold(
  { from, groups }: StoredThreshold,
  cwd: string,
  { toLocal, isInside }: Pick<Checkout, 'toLocal' | 'isInside'>,
): JsonObject {
  const origin = toLocal(from);
  const isHere = path.relative(origin, cwd) === '';
  const own = Object.entries(groups).filter(
    // The folder itself is as good as what lies in it.
    ([group]) => group === 'global' || isInside(path.join(path.resolve(origin, toLocal(group)), 'any')),
  );
  return mapKeys(Object.fromEntries(own), (group) => {
    if (isHere || group === 'global' || path.isAbsolute(toLocal(group))) return toLocal(group);
    const moved = path.relative(cwd, path.resolve(origin, group)) || '.';
    // A trailing slash means the folder and nothing that only begins with its name.
    return /[\\/]$/.test(group) ? `${moved}${path.sep}` : moved;
  });
}

/**
 * Spares a node the instrumentation of every file that none of ITS tests loads: nearly all of them, on every node.
 *
 * Call it in `onRunComplete`, when the workers are done: Jest's coverage reporter comes after custom ones and looks at
 * this list last. Does nothing unless {@link nodeCoverageSettings} made the list.
 */
export function skipUntestedFiles(globalConfig: JestGlobalConfig): void {
  const { collectCoverage, coverageReporters, collectCoverageFrom } = globalConfig as CoverageConfig;
  const isOurs = collectCoverage === true && coverageReporters?.length === 1 && coverageReporters[0] === 'none';
  if (isOurs && collectCoverageFrom !== undefined && !Object.isFrozen(collectCoverageFrom)) {
    (collectCoverageFrom as string[]).length = 0;
  }
}
