/**
 * The file with what Jest's workers are to run of split files.
 *
 * Named by an environment variable, because whatever stands in a project config becomes a part of Jest's cache key, and
 * a value that changes from run to run or node to node would keep the user's transform cache cold for ever.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DistributedError } from '../../../errors';
import type { FileSelection } from '../../../select/file-selection';
import { formatSelections, parseSelections, type Selections } from '../../../select/selection-lines';
import { variableName } from '../../channels/environment';

/** Names the file; set in Jest's main process after the sequencer's `sort`, before workers are forked. */
export const SELECTION_VARIABLE = variableName('SELECTION');

/**
 * Writes the file. A new path for every run: workers read a path once.
 *
 * @param file absolute path, outside of what Jest watches.
 */
export function writeSelectionFile(file: string, selections: Selections): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, formatSelections(selections));
}

/** @throws DistributedError `SELECTION_UNREADABLE`: running everything instead would double every test. */
export function readSelectionText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new DistributedError({
      code: 'SELECTION_UNREADABLE',
      message: `The list of tests for this node, ${file}, cannot be read (from ${SELECTION_VARIABLE}).`,
      remedy: 'Do not clean the temporary folder while Jest runs, and do not set this variable by hand.',
      cause,
    });
  }
}

interface LoadedSelections {
  readonly path: string;
  readonly testRunners: Selections['testRunners'];
  /** Selections by `selectionKey`: one, or one for each part in the order of the file's lines. */
  readonly byTest: ReadonlyMap<string, LoadedSelection>;
}

interface LoadedSelection {
  /** Of the whole file on this node; undefined where this process runs its parts one by one. */
  readonly whole: FileSelection | undefined;
  /** Part 1 first. */
  readonly parts: readonly FileSelection[];
}

export function selectionKey(projectId: string, testPath: string): string {
  return `${projectId}\0${testPath}`;
}

let loaded: LoadedSelections | undefined;

/** What this process is to select; undefined where no file is split. Read once for each path. */
export function loadSelections(environment: NodeJS.ProcessEnv = process.env): LoadedSelections | undefined {
  const file = environment[SELECTION_VARIABLE];
  if (file === undefined || file === '') return undefined;
  if (loaded?.path === file) return loaded;
  const { testRunners, entries } = parseSelections(readSelectionText(file));
  const byTest = new Map<string, LoadedSelection>();
  for (const { projectId, testPath, part, selection } of entries) {
    const key = selectionKey(projectId, testPath);
    const { whole, parts = [] } = byTest.get(key) ?? {};
    byTest.set(key, part === undefined ? { whole: selection, parts } : { whole, parts: [...parts, selection] });
  }
  loaded = { path: file, testRunners, byTest };
  return loaded;
}
