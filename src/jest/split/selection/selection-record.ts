/**
 * How the set-up file acknowledges a selection: it runs in a sandbox and can put nothing on a TestResult, so it leaves a
 * file beside the selection file.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { SplitRecord } from '../../../select/split-record';
import { RECORD_PROPERTY } from './filter-results';

export function recordPath(selectionFile: string, projectId: string, testPath: string): string {
  const name = createHash('sha1').update(`${projectId}\0${testPath}`).digest('hex');
  return path.join(`${selectionFile}.records`, `${name}.json`);
}

/**
 * What was selected in a file, whichever front end did it.
 *
 * @param selectionFile undefined where no file of this run is split.
 * @returns undefined where nothing was selected: for a file that is split by plan that means it did not run as a share.
 */
export function readSplitRecord(
  result: object,
  test: { readonly path: string; readonly context: { readonly config: { readonly id: string } } },
  selectionFile: string | undefined,
): SplitRecord | undefined {
  const carried = (result as { readonly [RECORD_PROPERTY]?: SplitRecord })[RECORD_PROPERTY];
  if (carried !== undefined || selectionFile === undefined) return carried;
  try {
    return JSON.parse(readFileSync(recordPath(selectionFile, test.context.config.id, test.path), 'utf8'));
  } catch {
    return undefined;
  }
}
