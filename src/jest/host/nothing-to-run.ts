/**
 * Jest may be content to find no test file: a change that touches no code, or `--passWithNoTests`. Then there is nothing
 * to run, and that is a result like any other. Where Jest calls it an error, it ends before any reporter is made.
 */
import type { JestGlobalConfig } from './jest-types';

interface FilterConfig extends JestGlobalConfig {
  readonly passWithNoTests?: boolean;
  readonly lastCommit?: boolean;
  readonly changedSince?: string;
  readonly changedFilesWithAncestor?: boolean;
  readonly nonFlagArgs?: readonly string[];
}

/**
 * Why Jest is content to find no test file, as a clause; null where it ends with exit code 1. As Jest itself decides it
 * (`getNoTestsFoundMessage`), on both majors.
 */
export function whyNothing(globalConfig: JestGlobalConfig): string | null {
  const config = globalConfig as FilterConfig;
  if (config.changedSince) return `no test file is related to what changed since ${config.changedSince}`;
  if (config.lastCommit || config.changedFilesWithAncestor) {
    return 'no test file is related to what changed in the last commit';
  }
  if (config.onlyChanged) return 'no test file is related to uncommitted changes';
  return config.passWithNoTests ? `${noneFits(config)}, and passWithNoTests is set` : null;
}

function noneFits(config: FilterConfig): string {
  const named = (config.nonFlagArgs ?? []).join(', ');
  if (config.findRelatedTests) return `no test file is related to ${named}`;
  const pattern = config.testPathPatterns?.patterns.join('|') ?? config.testPathPattern ?? '';
  return pattern === '' ? 'there is no test file' : `no test file matches ${pattern}`;
}
