/**
 * What Jest was asked to run, in a form that is the same on every machine: two calls in one job must not replace each
 * other's results, and nodes that were asked different things are no run.
 */

import { createHash } from 'node:crypto';
import path from 'node:path';
import type { CallRecord } from '../../blob/blob';
import { toPortable } from '../../blob/portable-paths';
import { ROOT_PLACEHOLDER } from '../../blob/shown-text';
import type { Folders } from '../../files/folders';
import type { PlanScope } from '../../plan/digest';
import { configArgument } from '../../shell/jest-flags';
import { findingArguments, type GivenArgument } from '../host/finding-arguments';
import type { JestGlobalConfig } from '../host/jest-types';

export interface CallFacts {
  readonly folders: Pick<Folders, 'rootDir' | 'repositoryDir' | 'workingDir'>;
  readonly scope: PlanScope;
  /** Names of all Jest projects that take part. */
  readonly projects: readonly (string | null)[];
  readonly globalConfig: JestGlobalConfig;
  /** The command line of Jest: which config file was named, and what changes that config, stands nowhere else. */
  readonly args: readonly string[];
}

/** More that decides which tests a call runs, by the names of Jest's global config. */
const SELECTING = [
  'onlyChanged',
  'changedSince',
  'changedFilesWithAncestor',
  'lastCommit',
  'findRelatedTests',
  'runTestsByPath',
  'filter',
  'skipFilter',
] as const;

/** A list of changed files behind `--findRelatedTests` may be long; the digest knows all of it. */
const LONGEST_TEXT = 500;

/** Names of projects that the readable form shows; the digest knows them all. */
const SHOWN_PROJECTS = 5;

/** Paths relative to Jest's root, as far as they lie in the repository. */
const portable = (text: string, { rootDir, repositoryDir }: CallFacts['folders']): string =>
  toPortable(rootDir, repositoryDir)(text).replaceAll(`${ROOT_PLACEHOLDER}/`, '');

function configText({ args, folders }: CallFacts): string | null {
  const given = configArgument(args);
  if (given === undefined) return null;
  if (!/^\s*\{/.test(given)) return portable(path.resolve(folders.workingDir, given), folders);
  const digest = createHash('sha256').update(portable(given, folders)).digest('hex');
  return `{…${digest.slice(0, 8)}}`;
}

function selectingFlags({ globalConfig, folders }: CallFacts): string[] {
  const values = globalConfig as unknown as Readonly<Record<string, unknown>>;
  return SELECTING.flatMap((name) => {
    const value = values[name];
    if (value === undefined || value === null || value === false || value === '') return [];
    return [value === true ? `--${name}` : `--${name} ${portable(String(value), folders)}`];
  });
}

const quoted = (text: string): string => (/^[\w./@:=+-]+$/.test(text) ? text : JSON.stringify(text));

/** Installed packages lie elsewhere on each machine: hoisted, linked, in a workspace above. */
const withoutInstall = (value: string): string => value.replace(/^(?:[A-Za-z]:)?[\\/].*node_modules[\\/]+(?=.)/s, '');

const argumentWords = (given: readonly GivenArgument[], folders: CallFacts['folders']): string[] =>
  given.flatMap(({ name, values }) => [
    `--${name}`,
    ...values.map((value) => quoted(portable(withoutInstall(value), folders))),
  ]);

/** Describes a call. */
export function describeCall(facts: CallFacts): CallRecord {
  const { scope, projects, folders } = facts;
  const config = configText(facts);
  const given = findingArguments(facts.args);
  const words = [
    'jest',
    ...(config === null ? [] : ['--config', quoted(config)]),
    ...argumentWords(given, folders),
    ...selectingFlags(facts),
    ...(scope.testNamePattern === null ? [] : ['--testNamePattern', quoted(scope.testNamePattern)]),
    ...(scope.pathPattern === '' ? [] : [quoted(portable(scope.pathPattern, folders))]),
  ];
  const names = [...new Set(projects.filter((name) => name !== null))].sort();
  const shown = names.slice(0, SHOWN_PROJECTS).join(', ');
  const more = names.length > SHOWN_PROJECTS ? ` and ${names.length - SHOWN_PROJECTS} more` : '';
  const whole = words.join(' ');
  const text = whole.length > LONGEST_TEXT ? `${whole.slice(0, LONGEST_TEXT)}…` : whole;
  return {
    digest: createHash('sha256')
      .update(JSON.stringify([whole, names]))
      .digest('hex')
      .slice(0, 16),
    text: names.length === 0 ? text : `${text} (${names.length === 1 ? 'project' : 'projects'} ${shown}${more})`,
    findsOthers: given.some(({ isFinding }) => isFinding),
  };
}
