import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parseDocument } from 'yaml';
import { providers } from '../../src/node/detect-provider';
import type { Provider } from '../../src/node/providers/provider';
import { runNames } from '../../src/node/providers/run-names';
import { parsePlan } from '../../src/plan/plan-file';
import { parseTimings } from '../../src/timings/parse-timings';
import { serializeTimings } from '../../src/timings/timings-format';
import { type CodeBlock, pageNames, readPage, root } from './pages';

const languages = new Set(['sh', 'text', 'yaml', 'json', 'js', 'ts', 'sql', 'groovy', 'kotlin', 'python']);
const ownPages = pageNames().filter((name) => !name.startsWith('examples/'));
const placed = ownPages.flatMap((name) => readPage(name).blocks.map((block) => ({ name, ...block })));
const written = (language: string) => placed.filter((block) => block.language === language);

describe('code in the pages', () => {
  test('every block says what it is', () => {
    const others = placed.filter(({ language }) => !languages.has(language));
    expect(others.map(({ name, line }) => `${name}:${line}`)).toEqual([]);
  });

  test.each(written('yaml').map(({ name, line, text }) => [`${name}:${line}`, text]))('%s is YAML', (_, text) => {
    const document = parseDocument(text);
    expect([...document.errors, ...document.warnings].map(({ message }) => message)).toEqual([]);
    expect(typeof document.toJS()).toBe('object');
  });

  test.each(written('json').map(({ name, line, text }) => [`${name}:${line}`, text]))('%s is JSON', (_, text) => {
    expect(() => JSON.parse(text)).not.toThrow();
  });

  test("GitHub's own parser takes every whole workflow", () => {
    const isWorkflow = ({ text }: CodeBlock) => /^on:/m.test(text) && /^jobs:/m.test(text);
    const workflows = written('yaml').filter(isWorkflow);
    expect(workflows.length).toBeGreaterThanOrEqual(2);
    const input = Object.fromEntries(workflows.map(({ name, line, text }) => [`${name}:${line}.yml`, text]));
    const { stdout, stderr } = spawnSync(
      process.execPath,
      [path.join(root, '__tests__', 'examples', 'parse-workflow.mjs')],
      { input: JSON.stringify(input), encoding: 'utf8' },
    );
    expect(stderr).toBe('');
    const parsed = JSON.parse(stdout) as Record<string, { errors: string[]; jobs: unknown[] }>;
    for (const [name, { errors, jobs }] of Object.entries(parsed)) {
      expect({ name, errors }).toEqual({ name, errors: [] });
      expect(jobs.length).toBeGreaterThan(0);
    }
  });
});

describe('what the reference says of formats', () => {
  const onlyJson = (name: string): string =>
    readPage(name).blocks.find(({ language }) => language === 'json')?.text as string;

  test('the timings file in it is one, in the very layout that is written', () => {
    const text = `${onlyJson('docs/reference/timings-file.md')}\n`;
    expect(serializeTimings(parseTimings(text, 'docs'))).toBe(text);
  });

  test('the plan in it can be read', () => {
    expect(parsePlan(onlyJson('docs/reference/plan-json.md'), 'docs', 'npx jest-distributed plan').nodes).toHaveLength(
      1,
    );
  });
});

describe('what the reference says of CI variables', () => {
  const tables = readPageLines('docs/reference/environment.md').filter((line) => line.startsWith('| '));

  const idsOf = ({ runIdVariables }: Provider) =>
    runIdVariables.map((names) => names.map((one) => `\`${one}\``).join(' and ')).join(', else ');
  const attemptOf = ({ attempt }: Provider) => (attempt === null ? '' : `\`${attempt.variable}\` (${attempt.base})`);

  const withNodes = providers.filter((provider) => !runNames.includes(provider));
  test.each(withNodes.map((provider) => [provider.name, provider] as const))('%s', (name, provider) => {
    const rows = tables.filter((line) => line.startsWith(`| ${name} |`));
    expect(rows).toHaveLength(2);
    const [node, run] = rows as [string, string];
    expect(node).toContain(`\`${provider.detectVariable}\``);
    if (provider.node !== null) {
      const { positionVariable, base, totalVariable, impliesSharding } = provider.node;
      expect(node).toContain(`| \`${positionVariable}\` (${base}) | \`${totalVariable}\` |`);
      expect(node.endsWith(impliesSharding ? '| by itself |' : '| with `auto` |')).toBe(true);
    }
    expect(cellsOf(run)).toEqual([name, idsOf(provider), attemptOf(provider)]);
  });

  test.each(runNames.map((provider) => [provider.name, provider] as const))('%s', (name, provider) => {
    const rows = tables.filter((line) => line.startsWith(`| ${name} |`));
    const { detectVariable, detectValue } = provider;
    const sign = detectValue === undefined ? detectVariable : `${detectVariable}=${detectValue}`;
    expect(rows.map(cellsOf)).toEqual([[name, `\`${sign}\``, idsOf(provider), attemptOf(provider)]]);
  });
});

function cellsOf(row: string): string[] {
  return row
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}

function readPageLines(name: string): string[] {
  const { readFileSync } = require('node:fs') as typeof import('node:fs');
  return readFileSync(path.join(root, name), 'utf8').split('\n');
}
