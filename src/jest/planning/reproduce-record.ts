/** What the command that repeats a test must know of this run, the same on every machine. */
import path from 'node:path';
import { nameBelow, withSlashes } from '../../blob/portable-names';
import { type Folders, isWithin, shownPath } from '../../files/folders';
import type { Options } from '../../options/resolve';
import { optionNames, optionRow } from '../../options/table';
import { PLACING_FLAGS } from '../../shell/reproduce-share';
import type { RepeatRecord } from '../../shell/reproduce-tests';
import { HOOK_NAMES } from '../../workers/hook';
import type { NamedProject } from '../host/name-test-files';

/** A word that names a place in this checkout, as a person would type it in the working directory. */
function relativeWord(word: string, { workingDir, projectDir, repositoryDir }: Folders): string {
  const [, flag = '', value = ''] = /^(--?[\w-]+=)?(.*)$/s.exec(word) ?? [];
  if (!path.isAbsolute(value) || !isWithin(value, repositoryDir ?? projectDir)) return word;
  return flag + (nameBelow(workingDir, value) || '.');
}

/** What somebody set, by flag or variable or in a config file, of what decides what a share is. */
function placingOf(options: Options): Record<string, string> {
  const flags: readonly string[] = PLACING_FLAGS;
  const set = optionNames.flatMap((name): [string, string][] => {
    const { flag, type } = optionRow(name);
    const setting = options[name];
    if (!flags.includes(flag) || setting === undefined || setting.source === 'default') return [];
    const value = String(setting.value);
    return [[flag, type.kind === 'path' ? withSlashes(shownPath(value)) : value]];
  });
  return Object.fromEntries(set);
}

export interface ReproductionFacts {
  /** Jest's arguments. */
  readonly args: readonly string[];
  readonly projects: readonly NamedProject[];
  readonly folders: Folders;
  readonly options: Options;
}

/** Describes what a command must name. */
export function describeReproduction({ args, projects, folders, options }: ReproductionFacts): RepeatRecord {
  return {
    jestArgs: args.map((word) => relativeWord(word, folders)),
    placing: placingOf(options),
    rootPath: nameBelow(folders.workingDir, folders.rootDir),
    projects: projects.map(({ name, folder, config }) => {
      return { name, folder, isSelectable: name !== null && config.displayName?.name.normalize('NFC') === name };
    }),
    hasSetups: [options.env, ...HOOK_NAMES.map((name) => options[name])].some((setting) => setting !== undefined),
  };
}
