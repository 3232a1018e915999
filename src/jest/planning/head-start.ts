/**
 * What git is asked while Jest still looks for its test files: it makes the sequencer first, and git then works on
 * another core. Everything here is a guess that saves time where it is right and is not used where it is wrong.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { startSearch, type Unmarked } from '../../files/find-pragmas';
import { findFolders } from '../../files/folders';
import { committedBlob, headSizes } from '../../files/git';
import type { JestGlobalConfig, JestProjectConfig } from '../host/jest-types';
import { readFlags } from './session';
import { pathspecsOf } from './test-match-pathspecs';

export const DEFAULT_TIMINGS_PATH = path.join('.jest-distributed', 'timings.json');

interface HeadStart {
  readonly root: string;
  readonly unmarked: Unmarked | undefined;
  /** Object name of the default timings file in the commit, where there is such a file. */
  readonly committedTimings: Promise<string | undefined> | undefined;
  readonly sizes: ReturnType<typeof headSizes> | undefined;
}

let current: HeadStart | undefined;

/**
 * Starts git, unless this run will not need it.
 *
 * @param config undefined where Jest shows it to nobody yet (29).
 */
export function startAhead(config: JestGlobalConfig | undefined, projects: readonly JestProjectConfig[]): void {
  current = undefined;
  if (config === undefined || isOff() || isNarrow(config)) return;
  const root = config.rootDir;
  const unmarked = startSearch(root, pathspecsOf(projects, root));
  // So few files that asking later is as good.
  if (unmarked === undefined) return;
  const timings = path.join(findFolders(root).projectDir, DEFAULT_TIMINGS_PATH);
  const hasTimings = existsSync(timings);
  current = {
    root,
    unmarked,
    committedTimings: hasTimings ? committedBlob(timings) : undefined,
    sizes: hasTimings ? undefined : headSizes(root),
  };
}

/** What was started for this root; each answer is used once, because files change until the next run in watch mode. */
export function takeAhead<Name extends Exclude<keyof HeadStart, 'root'>>(
  name: Name,
  root: string,
): HeadStart[Name] | undefined {
  if (current?.root !== root) return undefined;
  const taken = current[name];
  current = { ...current, [name]: undefined };
  return taken;
}

function isOff(): boolean {
  const { disabled, plan } = readFlags();
  const { JEST_DISTRIBUTED_DISABLED, JEST_DISTRIBUTED_PLAN, JEST_DISTRIBUTED_TIMINGS } = process.env;
  const given = [disabled, plan, JEST_DISTRIBUTED_DISABLED, JEST_DISTRIBUTED_PLAN, JEST_DISTRIBUTED_TIMINGS];
  return given.some((value) => value !== undefined);
}

/** Whether a few files are asked for, or a run that is not shared out. */
function isNarrow(config: JestGlobalConfig): boolean {
  const patterns = config.testPathPatterns?.patterns ?? [config.testPathPattern ?? ''];
  const isSelected = config.findRelatedTests === true || config.onlyChanged === true || config.runTestsByPath === true;
  return isSelected || config.watch === true || config.watchAll === true || patterns.some((pattern) => pattern !== '');
}
