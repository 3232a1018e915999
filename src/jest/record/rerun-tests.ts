/** Tests that this process was asked to run again (`--failed-of`): one that is not there any more is not green. */
import { fileKey, type TestFile } from '../../plan/item';
import type { TestToRepeat } from '../../shell/reproduce-tests';
import { channel } from '../channels/channel';

const current = channel<readonly TestToRepeat[]>('rerun-tests', () => []);

export const publishRerun = current.publish;

export const readRerun = current.read;

export interface RerunCheck {
  /** Notes the tests of a file, or of a part of it, that ran. */
  see(file: TestFile, tests: readonly { readonly fullName: string; readonly status: string }[]): void;
  /** Tests of the given files that did not run, as people name them. */
  missing(isOurs: (file: TestFile) => boolean): string[];
}

/** @param tests without a name: of such a file any test will do. */
export function createRerunCheck(tests: readonly TestToRepeat[]): RerunCheck {
  const ran = new Map<string, Set<string>>();
  return {
    see(file, results) {
      const names = ran.get(fileKey(file)) ?? new Set();
      ran.set(fileKey(file), names);
      for (const { fullName, status } of results) if (status === 'passed' || status === 'failed') names.add(fullName);
    },
    missing: (isOurs) =>
      tests
        .filter(({ file, name }) => isOurs(file) && !isThere(ran.get(fileKey(file)), name))
        .map(({ file, name }) => (name === null ? file.path : `${file.path}: ${name}`)),
  };
}

const isThere = (names: ReadonlySet<string> | undefined, name: string | null): boolean =>
  names !== undefined && (name === null || names.has(name));

/** Why the run is red, in a clause; none where everything is there. */
export function rerunProblems(missing: readonly string[]): string[] {
  if (missing.length === 0) return [];
  const [first] = missing;
  const others = missing.length === 1 ? '' : ` and ${missing.length - 1} more`;
  return [`${first}${others} failed before and did not run now (from --failed-of)`];
}
