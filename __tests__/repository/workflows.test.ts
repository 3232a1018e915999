import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { parse } from 'yaml';

const root = path.join(__dirname, '..', '..');
const folder = path.join(root, '.github', 'workflows');
const names = readdirSync(folder);
const texts = Object.fromEntries(names.map((name) => [name, readFileSync(path.join(folder, name), 'utf8')]));
const { scripts } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));

let parsed: Readonly<Record<string, { readonly errors: readonly string[] }>>;

beforeAll(() => {
  const parser = path.join(root, '__tests__', 'examples', 'parse-workflow.mjs');
  const child = spawnSync(process.execPath, [parser], { input: JSON.stringify(texts), encoding: 'utf8' });
  if (child.status !== 0) throw new Error(`The parser ended with ${child.status}: ${child.stderr}`);
  parsed = JSON.parse(child.stdout);
}, 60_000);

test.each(names)("GitHub's parser reads %s without an error", (name) => {
  expect(parsed[name]?.errors).toEqual([]);
});

test.each(names)('every npm script that %s runs is there', (name) => {
  const run = [...(texts[name] as string).matchAll(/npm (?:run ([\w:-]+)|(test))\b/g)].map(
    ([, one, two]) => one ?? two,
  );
  expect(run).not.toEqual([]);
  expect(run.filter((script) => !((script as string) in scripts))).toEqual([]);
});

test('the job to require waits for all others', () => {
  const { jobs } = parse(texts['ci.yml'] as string);
  const others = Object.keys(jobs).filter((id) => id !== 'all');
  expect(jobs.all.needs.toSorted()).toEqual(others.toSorted());
});
