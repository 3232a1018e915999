/** Parameters of an address → filters. What is no value of its kind is not asked for. */
import type { ExecutionFilter, RunFilter } from '../reports/dashboard/data';

type Query = (name: string) => string | undefined;

const STATES = ['running', 'passed', 'failed', 'cancelled', 'abandoned'] as const;

/** A person reads no more, and a database should not be made to give more. */
const MOST_ROWS = 1_000;
const MOST_DAYS = 3_650;

function numberOf(given: string | undefined, most: number): number | undefined {
  const number = Number(given);
  return given !== undefined && given !== '' && number > 0 ? Math.min(most, number) : undefined;
}

/** PostgreSQL takes no NUL, and no name is longer. */
const textOf = (given: string | undefined): string | undefined => {
  const text = given?.replaceAll('\0', '').slice(0, 1_000).trim();
  return text === '' ? undefined : text;
};

export function readRunFilter(query: Query): RunFilter {
  const state = STATES.find((one) => one === query('state'));
  const texts = (['pipeline', 'branch', 'commit', 'node', 'machine'] as const).flatMap((name) => {
    const value = textOf(query(name));
    return value === undefined ? [] : [[name, value] as const];
  });
  const days = numberOf(query('days'), MOST_DAYS);
  const limit = Math.floor(numberOf(query('limit'), MOST_ROWS) ?? 0);
  return {
    ...Object.fromEntries(texts),
    ...(state && { state }),
    ...(days !== undefined && { days }),
    ...(limit > 0 && { limit }),
  };
}

/** Null where no file is named. */
export function readExecutionFilter(query: Query): ExecutionFilter | null {
  const path = query('path')?.replaceAll('\0', '');
  if (path === undefined || path === '') return null;
  const { pipeline, days, limit } = readRunFilter(query);
  const test = query('test')?.replaceAll('\0', '');
  return {
    ...{ project: query('project')?.replaceAll('\0', '') ?? null, path },
    ...(test !== undefined && { test }),
    ...(pipeline !== undefined && { pipeline }),
    ...(days !== undefined && { days }),
    ...(limit !== undefined && { limit }),
  };
}
