/**
 * Coverage on a node: collected for the blob, neither reported nor checked, because a share's coverage says nothing of
 * the whole. Merge reports and checks.
 */
import type { JestGlobalConfig } from '../shapes';

interface CoverageConfig extends JestGlobalConfig {
  readonly coverageReporters?: readonly unknown[];
  readonly coverageThreshold?: unknown;
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
