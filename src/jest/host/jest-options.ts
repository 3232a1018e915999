/**
 * What this Jest was asked to do, as far as placement depends on it.
 */
import type { PlanScope } from '../../plan/digest';
import type { JestGlobalConfig } from './jest-types';

export interface JestOptions {
  /** Jest's root: the folder that keys of several projects are relative to. */
  readonly root: string;
  readonly listTests: boolean;
  readonly watch: boolean;
  readonly onlyFailures: boolean;
  readonly scope: PlanScope;
}

export function readJestOptions(config: JestGlobalConfig): JestOptions {
  return {
    root: config.rootDir,
    listTests: config.listTests === true,
    watch: config.watch === true || config.watchAll === true,
    onlyFailures: config.onlyFailures === true,
    scope: {
      testNamePattern: config.testNamePattern ?? null,
      pathPattern: config.testPathPatterns?.patterns.join('|') ?? config.testPathPattern ?? '',
    },
  };
}
