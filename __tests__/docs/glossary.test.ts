/** One word for one thing: nothing that people see uses a word that the glossary has retired. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { COMMANDS } from '../../src/cli/commands';
import { optionFlags } from '../../src/options/flags';
import { optionNames, optionRow } from '../../src/options/table';
import { makePlan } from '../../src/plan/make-plan';
import { parsePragmas } from '../../src/plan/pragmas';
import { wholeScript } from '../../src/postgres/schema/migrate-script';
import { sectionsOf } from '../../src/reports/help/help-sections';
import { serializeTimings } from '../../src/timings/timings-format';
import { pageNames, root } from './pages';

const read = (name: string): string => readFileSync(path.join(root, name), 'utf8');
const GLOSSARY = 'docs/concepts/glossary.md';

/** Retired words by where they may not stand, from the table of the page itself. */
const retired = read(GLOSSARY)
  .slice(read(GLOSSARY).indexOf('## Retired words'))
  .split('\n')
  .flatMap((line) => {
    const [, words, , where] = /^\| ([a-z, ]+) \| (.+) \| (names|all) \|$/.exec(line) ?? [];
    return words === undefined ? [] : words.split(', ').map((word) => ({ word, where }));
  });

/** `buildKey`, `build_id`, `--build-id` and `BUILD_ID` are all made of the words "build" and "id" or "key". */
const wordsOf = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[^A-Za-z]+/g, ' ')
    .trim()
    .toLowerCase();

const retiredIn = (text: string, words: readonly { readonly word: string }[]): string[] =>
  words.filter(({ word }) => new RegExp(`\\b${word}s?\\b`, 'i').test(text)).map(({ word }) => word);

const wrongNames = (names: Iterable<string>): string[] =>
  [...new Set(names)].filter((name) => retiredIn(wordsOf(name), retired).length > 0).sort();

function keysOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(keysOf);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...keysOf(inner)]);
}

/** Fields of the types that a command prints as JSON. */
const fieldsOf = (file: string): string[] =>
  [...read(file).matchAll(/^ +readonly (\w+)\??:/gm)].map((match) => match[1] as string);

describe('the list of retired words', () => {
  test('is read from the page, and finds words in all kinds of names', () => {
    expect(retired.length).toBeGreaterThan(25);
    expect(wrongNames(['runId', 'buildKey', 'build_id', '--suite', 'BUILD_ID', 'JEST_DISTRIBUTED_TOGETHER'])).toEqual([
      '--suite',
      'BUILD_ID',
      'JEST_DISTRIBUTED_TOGETHER',
      'buildKey',
      'build_id',
    ]);
  });

  test('names no word that the glossary itself explains, but for "suite"', () => {
    const words = [...read(GLOSSARY).matchAll(/^\| ([a-z ]+) \| [^|]+ \|$/gm)].map((match) => match[1]);
    expect(words.length).toBeGreaterThan(45);
    expect(words.filter((word) => retired.some((one) => one.word === word))).toEqual(['suite']);
  });
});

describe('names that people type and read', () => {
  test('commands and flags', () => {
    const flags = COMMANDS.flatMap(({ flags: own }) => Object.keys(own ?? {}));
    const all = [...COMMANDS.map(({ name }) => name), ...flags, ...Object.keys(optionFlags())];
    expect(all.length).toBeGreaterThan(50);
    expect(wrongNames(all)).toEqual([]);
  });

  test('options and variables', () => {
    expect(wrongNames([...optionNames, ...optionNames.map((name) => optionRow(name).variable)])).toEqual([]);
  });

  test('pragmas', () => {
    let remedy = '';
    try {
      parsePragmas('// @jest-distributed ?', 'a.test.js');
    } catch (error) {
      remedy = (error as { remedy: string }).remedy;
    }
    expect(remedy).toContain('whole');
    expect(wrongNames(remedy.split(' '))).toEqual([]);
  });

  test('codes of errors and findings', () => {
    const codes = [...sectionsOf(read('docs/troubleshooting.md')).keys()];
    expect(codes.length).toBeGreaterThan(150);
    expect(wrongNames(codes)).toEqual([]);
  });

  test('tables, views, columns and functions of the database', () => {
    const sql = wholeScript('queue', 'ci').sql.replace(/--.*$/gm, '');
    const names = (sql.match(/\b[a-z_]+\b(?!\()/g) ?? []).filter((name) => !/^(round)$/.test(name));
    expect(names).toEqual(expect.arrayContaining(['run', 'execution', 'claim_number', 'decision', 'pipeline']));
    expect(wrongNames(names)).toEqual([]);
  });

  test('fields of JSON', () => {
    const file = { project: null, path: 'a.test.js' };
    const parts = [
      { part: '1/2', content: { kind: 'named', tests: ['adds'], fallback: true } },
      { part: '1/2 by test', content: { kind: 'hashed', by: 'test', part: 1, of: 2 } },
    ] as const;
    const items = parts.map((one, index) => ({ key: `a${index}`, file, estimate: 5, group: 'db', ...one }));
    const scope = { testNamePattern: null, pathPattern: '' };
    const plan = makePlan({ items, nodes: 2, workers: 1, strategy: 'bounded-ring', unit: 'ms', hashBy: 'auto', scope });
    const timings = JSON.parse(serializeTimings({ workers: 1, assignments: [2], files: new Map() })) as unknown;
    const fields = [
      ...[...keysOf(plan), ...keysOf(timings)],
      ...['src/plan/plan.ts', 'src/proof/proof.ts', 'src/proof/finding.ts', 'src/cli/merging/json-lines.ts'].flatMap(
        fieldsOf,
      ),
      ...['src/reports/run-report/retries-json.ts', 'src/queue/history.ts', 'src/postgres/status.ts'].flatMap(fieldsOf),
    ];
    expect(fields).toEqual(expect.arrayContaining(['lowerBound', 'fallback', 'ranOnce', 'claimNumber', 'wasRerun']));
    expect(wrongNames(fields)).toEqual([]);
  });
});

describe('sentences', () => {
  const everywhere = retired.filter(({ where }) => where === 'all');
  const wrong = (texts: readonly (readonly [where: string, text: string])[]): string[] =>
    texts.flatMap(([where, text]) =>
      retiredIn(text, everywhere).map((word) => `${where}: ${word}: ${text.slice(0, 120)}`),
    );

  test('help of commands, flags and options', () => {
    const flags = (all: object) => Object.values(all as Record<string, { describe: string; defaultText?: string }>);
    const texts = COMMANDS.flatMap(({ name, describe: about, flags: own = {}, examples }) => [
      [name, about] as const,
      ...flags(own).map((flag) => [name, `${flag.describe} ${flag.defaultText ?? ''}`] as const),
      ...examples.map(([, what]) => [name, what] as const),
    ]);
    const options = optionNames.map(
      (name) => [name, `${optionRow(name).description} ${optionRow(name).defaultText}`] as const,
    );
    expect(wrong([...texts, ...options])).toEqual([]);
  });

  test('pages', () => {
    const prose = pageNames()
      .filter((name) => name !== GLOSSARY && name !== 'CONTRIBUTING.md')
      .flatMap((name) =>
        read(name)
          .replace(/^(\s*)(```+)[\s\S]*?\n\1\2\s*$/gm, '')
          .replace(/<!--[\s\S]*?-->/g, '')
          .replace(/`[^`\n]*`|\]\([^)]*\)/g, '')
          .split('\n')
          .map((line) => [name, line] as const),
      );
    expect(prose.length).toBeGreaterThan(3000);
    expect(wrong(prose)).toEqual([]);
  });

  test('messages', () => {
    const sources = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.ts'),
    );
    const messages = sources.flatMap((file) =>
      read(path.join('src', file))
        .split('\n')
        .filter((line) => !/^\s*(\/\/|\/?\*|import )/.test(line))
        .flatMap((line) => [...line.matchAll(/(['"`])((?:\\.|(?!\1)[^\\])*)\1/g)].map((match) => match[2] as string))
        // Names of variables in a template are not what people read.
        .map((text) => [file, text.replace(/\$\{[^}]*\}/g, '…')] as const)
        .filter(([, text]) => text.split(' ').length > 2),
    );
    expect(messages.length).toBeGreaterThan(900);
    expect(wrong(messages)).toEqual([]);
  });
});
