/** Predictions: how long each file will take, from what is known of it. */

import type { TestFile } from '../plan/item';
import type { EstimateUnit } from '../plan/plan';
import { durationOf, type Timings } from './timings';

export interface Knowledge {
  readonly timings?: Timings | undefined;
  /**
   * Size of a file in bytes. It must be the same on every node: from git's own objects, or from the one process that
   * plans for all.
   */
  readonly bytes?: ((file: TestFile, index: number) => number | undefined) | undefined;
}

export interface Estimates {
  readonly unit: EstimateUnit;
  /** Positive integers, in the order of the files. */
  readonly estimates: number[];
}

/**
 * Estimates every file, all in one unit.
 *
 * - `ms`: the recorded duration; a file without one (new, renamed) gets the median of those that have one.
 * - `bytes`: where the timings know none of the files, or there are none: its size plus the median size, because every
 *   file has a cost that does not depend on its size. A file of unknown size counts as one of the median size.
 * - `files`: where sizes are not known either: 1.
 */
export function estimate(files: readonly TestFile[], { timings, bytes }: Knowledge): Estimates {
  const durations = timings === undefined ? [] : files.map((file) => durationOf(timings, file));
  const typicalMs = median(durations);
  if (typicalMs !== undefined) {
    return { unit: 'ms', estimates: durations.map((duration) => positive(duration ?? typicalMs)) };
  }
  const sizes = bytes === undefined ? [] : files.map(bytes);
  const typicalBytes = median(sizes);
  if (typicalBytes !== undefined) {
    return { unit: 'bytes', estimates: sizes.map((size) => positive((size ?? typicalBytes) + typicalBytes)) };
  }
  return { unit: 'files', estimates: files.map(() => 1) };
}

/** The lower median, so that it is a value that occurs, whatever the number of values. */
function median(values: readonly (number | undefined)[]): number | undefined {
  const known = new Float64Array(values.length);
  let count = 0;
  for (const value of values) if (value !== undefined) known[count++] = value;
  return known.subarray(0, count).sort()[(count - 1) >> 1];
}

function positive(value: number): number {
  return Math.max(1, Math.round(value));
}
