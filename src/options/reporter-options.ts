/** Options beside the reporter in the Jest config: it has none, so whatever stands there would be ignored. */
import { DistributedError } from '../errors';
import { findNearest } from './did-you-mean';
import { type OptionName, optionNames, optionRow } from './table';

/**
 * @param options what stands behind the reporter's name; Jest gives an empty object where there is nothing.
 * @throws DistributedError `REPORTER_OPTION`
 */
export function refuseReporterOptions(options: unknown): void {
  if (typeof options !== 'object' || options === null) return;
  const names = Object.keys(options);
  const [name] = names;
  if (name === undefined) return;
  const nearest = findNearest(name, optionNames) as OptionName | null;
  const row = nearest === null ? undefined : optionRow(nearest);
  const meant =
    row === undefined
      ? ''
      : ` ${nearest === name ? `Set ${nearest}` : `Did you mean ${nearest}? Set it`} with --${row.flag} or ${row.variable}${row.scope === 'project' ? ', or in jest-distributed.config.json' : ''}.`;
  throw new DistributedError({
    code: 'REPORTER_OPTION',
    message: `The reporter jest-distributed/reporter has the option ${names.join(', ')} in the Jest config, but it takes no options.`,
    remedy: `Remove it there.${meant} All settings: npx jest-distributed help run`,
  });
}
