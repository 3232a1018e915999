import { DistributedError } from '../errors';
import { checkTemplates, type EnvTemplates } from '../workers/env-templates';
import { HOSTS_FORM, type HostsSetting, readHosts } from './hosts';
import { readInteger } from './number';
import { isObject } from './object';
import type { OptionRow, OptionType } from './table';

/** What an option takes, as the end of a sentence: "a whole number of 1 or more, or `auto`". */
export function describeType(type: OptionType): string {
  switch (type.kind) {
    case 'integer': {
      const range =
        type.max === undefined
          ? `a whole number of ${type.min} or more`
          : `a whole number from ${type.min} to ${type.max}`;
      return type.word === undefined ? range : `${range}, or ${type.word}`;
    }
    case 'boolean':
      return '1 or true, 0 or false';
    case 'choice':
      return `one of ${type.choices.join(', ')}`;
    case 'name':
      return 'up to 100 letters, digits, spaces and . _ - + = @ characters that start with a letter, a digit or = and do not end with a dot or space';
    case 'id':
      return 'up to 1,000 characters without line breaks and control characters';
    case 'path':
      return 'a path';
    case 'digest':
      return 'a digest as `jest-distributed plan` prints it';
    case 'database-url':
      return 'the URL of a PostgreSQL database';
    case 'variables':
      return 'variables: an object with texts in a config file, elsewhere one or more of the form NAME=value';
    case 'hook':
      return 'the path of a module, such as ./setup.mjs, or a command, on one line';
    case 'hosts':
      return HOSTS_FORM;
    case 'list':
      return type.of === 'glob' ? 'one or more globs' : 'one or more of the form name=glob';
  }
}

/**
 * Reads one value strictly: nothing is trimmed, rounded or guessed, because a node that misreads its settings runs the
 * wrong tests.
 *
 * @param label how the setting is called where it was found: `JEST_DISTRIBUTED_NODES`, `--nodes`, or
 *   `nodes in jest-distributed.config.json`.
 * @throws DistributedError `OPTION_EMPTY`, `OPTION_REPEATED` or `OPTION_INVALID`.
 */
export function parseValue(row: OptionRow, given: unknown, label: string): Value {
  if (given === '') {
    throw new DistributedError({
      code: 'OPTION_EMPTY',
      message: `${label} is set but empty.`,
      remedy: `Set it to ${describeType(row.type)}, or remove it. A CI expression without a value becomes an empty string.`,
    });
  }
  if (Array.isArray(given) && label.startsWith('--') && !isList(row.type)) {
    throw new DistributedError({
      code: 'OPTION_REPEATED',
      message: `${label} is given ${given.length} times${row.scope === 'secret' ? '' : `: ${given.map(quote).join(', ')}`}.`,
      remedy: 'Give it once.',
    });
  }
  const value = readValue(row.type, given);
  if (value === undefined) {
    throw new DistributedError({
      code: 'OPTION_INVALID',
      message: `${label} is ${row.scope === 'secret' ? 'something else' : quote(given)}, but it must be ${describeType(row.type)}.`,
      remedy: row.hint === undefined ? 'Correct it or remove it.' : `Correct it or remove it. ${row.hint}`,
    });
  }
  if (row.type.kind === 'variables') checkTemplates(value as EnvTemplates, label);
  return value;
}

const isList = ({ kind }: OptionType): boolean => kind === 'list' || kind === 'variables' || kind === 'hosts';

type Value = string | number | boolean | readonly string[] | Readonly<Record<string, string>> | HostsSetting;

function readValue(type: OptionType, given: unknown): Value | undefined {
  switch (type.kind) {
    case 'integer':
      if (type.word !== undefined && given === type.word) return type.word;
      return readInteger(given, type.min, type.max);
    case 'boolean':
      return readBoolean(given);
    case 'choice':
      return typeof given === 'string' && type.choices.includes(given) ? given : undefined;
    case 'name':
      return typeof given === 'string' && isName(given) ? given : undefined;
    case 'id':
      return typeof given === 'string' && isId(given) ? given : undefined;
    case 'path':
      return typeof given === 'string' && !given.includes('\0') ? given : undefined;
    case 'database-url':
      return typeof given === 'string' ? given : undefined;
    case 'digest':
      return typeof given === 'string' && /^[\w-]{4,128}$/.test(given) ? given : undefined;
    case 'list':
      return readList(given, type.of);
    case 'hosts':
      return readHosts(given);
    case 'variables':
      return readVariables(given);
    case 'hook':
      return typeof given === 'string' && /^[^\0\n\r]*\S[^\0\n\r]*$/.test(given) ? given : undefined;
  }
}

function readBoolean(given: unknown): boolean | undefined {
  if (typeof given === 'boolean') return given;
  const text = String(given).toLowerCase();
  if (text === '1' || text === 'true') return true;
  if (text === '0' || text === 'false') return false;
  return undefined;
}

/** Texts, each in the form asked for; undefined where one is not. */
function readList(given: unknown, of: 'glob' | 'group'): readonly string[] | undefined {
  const texts = (Array.isArray(given) ? given : [given]).flatMap((text) =>
    typeof text === 'string' ? splitAtCommas(text) : [undefined],
  );
  const form = of === 'glob' ? /^\S/ : /^[^\s=]+=\S/;
  return texts.every((text): text is string => text !== undefined && form.test(text)) ? texts : undefined;
}

/** Texts by name; numbers and truth values are texts in an environment. */
function readVariables(given: unknown): Readonly<Record<string, string>> | undefined {
  const entries: readonly (readonly [string, unknown])[] = isObject(given)
    ? Object.entries(given)
    : (readList(given, 'group') ?? [undefined]).map((text) => {
        const [name = '', ...value] = text?.split('=') ?? [];
        return [name, text === undefined ? undefined : value.join('=')] as const;
      });
  const isText = (value: unknown) => ['string', 'number', 'boolean'].includes(typeof value);
  if (!entries.every(([name, value]) => name !== '' && isText(value) && !String(value).includes('\0')))
    return undefined;
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}

/** Braces are part of a glob: `{a,b}/*.test.js` is one. */
function splitAtCommas(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at <= text.length; at++) {
    const sign = text[at];
    if (sign === '{' || sign === '(') depth++;
    else if (sign === '}' || sign === ')') depth--;
    else if (sign === undefined || (sign === ',' && depth <= 0)) {
      parts.push(text.slice(from, at).trim());
      from = at + 1;
    }
  }
  return parts;
}

const isId = (text: string): boolean => text.length <= 1000 && !/[\p{Cc}\u2028\u2029]/u.test(text);

/** Tells whether a text can be one segment of a path on every file system. */
export function isName(text: string): boolean {
  return text.length <= 100 && /^[\p{L}\p{N}=](?:[\p{L}\p{M}\p{N} ._+=@-]*[\p{L}\p{M}\p{N}_+=@-])?$/u.test(text);
}

/** A value as messages show it; quotes make a stray space or a wrong type visible. */
export function quote(given: unknown): string {
  if (typeof given === 'string') return JSON.stringify(given);
  if (typeof given === 'function') return 'a function';
  return typeof given === 'object' && given !== null ? (JSON.stringify(given) ?? 'an object') : String(given);
}
