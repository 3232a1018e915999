/**
 * Whether a Jest was asked for less than all: its results are not those of the whole.
 */
import type { JestGlobalConfig } from './jest-types';

const FILTERS = [
  'changedFilesWithAncestor',
  'changedSince',
  'findRelatedTests',
  'lastCommit',
  'onlyChanged',
  'onlyFailures',
  'runTestsByPath',
  'testNamePattern',
  'testPathPattern',
] as const;

/** @param args the command line: `--selectProjects` stands in no global config. */
export function isFiltered(config: JestGlobalConfig, args: readonly string[]): boolean {
  const values = config as unknown as Readonly<Record<string, unknown>>;
  return (
    FILTERS.some((name) => Boolean(values[name])) ||
    Boolean(values.filter && !values.skipFilter) ||
    (config.testPathPatterns?.patterns.length ?? 0) > 0 ||
    args.some((arg) => /^--(select|ignore)-?projects/i.test(arg))
  );
}
