/**
 * Options that only a queue acts on, where there is none. A flag is meant for this very command, so it is an error. A
 * variable may be set for several commands or jobs, so it is only mentioned. A config file serves all of them.
 */
import { DistributedError } from '../errors';
import type { Options } from './resolve';
import { type OptionName, optionNames, optionRow } from './table';

const QUEUE_ONLY: readonly OptionName[] = optionNames.filter(
  (name) => optionRow(name).group === 'Queue' && name !== 'databaseUrl',
);

const URL_VARIABLE = optionRow('databaseUrl').variable;

/** Zero retries are what happens without a queue too. */
const isIdle = (name: OptionName, options: Options): boolean => name !== 'maxRetries' || options[name]?.value !== 0;

const idle = (options: Options, kind: 'flag' | 'variable'): string[] =>
  QUEUE_ONLY.flatMap((name) => {
    const source = kind === 'flag' ? `--${optionRow(name).flag}` : optionRow(name).variable;
    return options[name]?.source === source && isIdle(name, options) ? [source] : [];
  });

/**
 * @param options of a run without a queue.
 * @param allHere the same command with a queue on this machine; null where it would be refused.
 * @throws DistributedError `QUEUE_NEEDED`.
 */
export function refuseQueueFlags(options: Options, allHere: string | null): void {
  const [first, ...others] = idle(options, 'flag');
  if (first === undefined) return;
  const flags = [first, ...others].join(' and ');
  throw new DistributedError({
    code: 'QUEUE_NEEDED',
    message: `${flags} ${others.length === 0 ? 'needs' : 'need'} the queue, and this run has none: no database is set.`,
    remedy: `Set ${URL_VARIABLE} to a PostgreSQL database for all nodes, or leave out ${flags}.${allHere === null ? '' : ` A queue on this machine needs no database: ${allHere}`}`,
  });
}

/** @returns a sentence about variables that a run without a queue does not read; null where none is set. */
export function idleQueueVariables(options: Options): string | null {
  const [first, ...others] = idle(options, 'variable');
  if (first === undefined) return null;
  const [are, have] = others.length === 0 ? ['is', 'has'] : ['are', 'have'];
  return `${[first, ...others].join(' and ')} ${are} set, but ${have} no effect without the queue, and ${URL_VARIABLE} is not set`;
}
