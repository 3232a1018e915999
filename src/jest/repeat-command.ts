/** The command that repeats this node's share on a developer's machine, for the end of a failing run. */
import type { OptionName } from '../options/table';
import { optionRow } from '../options/table';
import type { RunState } from './run-state';

// What changes the share. Not `plan`: the file of a CI job is not on the developer's machine.
const PLACING: readonly OptionName[] = ['strategy', 'hashBy', 'split', 'together', 'group', 'workers', 'timings'];

/** Words of the command, unquoted. */
export function repeatCommand({ identity, options, scope }: RunState): string[] {
  const placing = PLACING.flatMap((name) => {
    const setting = options[name];
    if (setting === undefined || setting.source === 'default') return [];
    return [`--${optionRow(name).flag}`, String(setting.value)];
  });
  const jestArgs = [
    ...(scope.testNamePattern === null ? [] : ['-t', scope.testNamePattern]),
    ...scope.pathPattern.split('|').filter(Boolean),
  ];
  return [
    ...['npx', 'jest-distributed', 'run', '--nodes', String(identity.nodes), '--node-number', String(identity.number)],
    ...placing,
    ...(jestArgs.length > 0 ? ['--', ...jestArgs] : []),
  ];
}
