/** Commands that make a probe again, as they are typed here. */
import { withoutTestNames } from './jest-flags';
import { inOneLine } from './quote';
import { testPattern } from './reproduce-tests';

interface ProbeToRepeat {
  readonly condition: 'alone' | 'shuffled' | 'sequence' | 'beside' | 'load';
  readonly files: readonly string[];
  readonly workers: number;
  readonly randomizeSeed: number | null;
  readonly tests: readonly string[] | null;
}

/**
 * Words of the command; the first is `npx`. What plain Jest can do is a command of plain Jest.
 *
 * @param names full names of the only tests to run; null: all.
 * @param jestArgs what every probe was given.
 * @param times how often; a test that fails seldom needs several.
 */
export function probeCommand(
  { condition, files, workers, randomizeSeed }: ProbeToRepeat,
  names: readonly string[] | null,
  jestArgs: readonly string[],
  times: number,
): string[] {
  const only = names === null ? [] : ['-t', testPattern(names)];
  const behind = [...only, ...(names === null ? jestArgs : withoutTestNames(jestArgs))];
  const toJest = behind.length === 0 ? [] : ['--', ...behind];
  if (times === 1 && files.length === 1 && condition !== 'load') {
    const seed = randomizeSeed === null ? [] : ['--randomize', `--seed=${randomizeSeed}`];
    return ['npx', 'jest', '--runTestsByPath', ...files, ...seed, ...behind].map(inOneLine);
  }
  const grind = ['npx', 'jest-distributed', 'grind', ...files];
  const often = times === 1 ? [] : ['--times', String(times)];
  if (files.length > 1) {
    const beside = workers > 1 ? ['--workers', String(workers)] : [];
    return [...grind, '--in-order', ...beside, ...often, ...toJest].map(inOneLine);
  }
  return [...grind, '--condition', condition, ...often, ...toJest].map(inOneLine);
}
