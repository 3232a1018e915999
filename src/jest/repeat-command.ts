/** The command that repeats this node's share on a developer's machine, for the end of a failing run. */
import { shownPath } from '../files/folders';
import type { OptionName } from '../options/table';
import { optionRow } from '../options/table';
import { repeatWords } from '../plan/repeat';
import type { RunState } from './run-state';

// What changes the share.
const PLACING: readonly OptionName[] = ['strategy', 'hashBy', 'split', 'together', 'group', 'workers', 'timings'];

/** Words of the command, unquoted. */
export function repeatCommand({ mode, identity, options, scope }: RunState): string[] {
  const flags = PLACING.flatMap((name) => {
    const setting = options[name];
    if (setting === undefined || setting.source === 'default') return [];
    const { flag, type } = optionRow(name);
    const value = String(setting.value);
    return [`--${flag}`, type.kind === 'path' ? shownPath(value) : value];
  });
  const jestArgs = [
    ...(scope.testNamePattern === null ? [] : ['-t', scope.testNamePattern]),
    ...scope.pathPattern.split('|').filter(Boolean),
  ];
  const plan = mode.kind === 'share' ? mode.plan : null;
  const { number: node, nodes } = identity;
  return [
    ...repeatWords({ node, nodes, plan, planPath: options.plan && shownPath(options.plan.value), flags }),
    ...(jestArgs.length > 0 ? ['--', ...jestArgs] : []),
  ];
}
