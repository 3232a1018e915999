/** Every code that the package can print has its section, and every section a code. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { DistributedError } from '../../src/errors';
import { sectionLines, sectionsOf } from '../../src/reports/help/help-sections';
import { log } from '../reports/sample-plan';
import { root } from './pages';

const sources = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file))
  .map((file) => readFileSync(path.join(root, 'src', file), 'utf8'));

const errorCodes = sources.flatMap((text) =>
  // Where an error is made, and where its code is an argument.
  [...text.matchAll(/(?:code: |usage\(\s*)'([A-Z][A-Z0-9_]+)'/g)].map((match) => match[1] as string),
);

/** The union is the only list of them: each finding must name a member. */
const findingCodes = [
  ...(/export type FindingCode =([^;]+);/
    .exec(readFileSync(path.join(root, 'src', 'proof', 'finding.ts'), 'utf8'))?.[1]
    ?.matchAll(/'([a-z-]+)'/g) ?? []),
].map((match) => match[1] as string);

const sections = sectionsOf(readFileSync(path.join(root, 'docs', 'troubleshooting.md'), 'utf8'));

test('codes and sections are the same', () => {
  expect(errorCodes.length).toBeGreaterThan(100);
  expect(findingCodes.length).toBeGreaterThan(50);
  expect([...sections.keys()].sort()).toEqual([...new Set([...errorCodes, ...findingCodes])].sort());
});

test('each section says what it means and what to do', () => {
  for (const [code, text] of sections) {
    expect({ code, text }).toEqual({
      code,
      text: expect.stringMatching(/^[A-Z`].+\n\n(Causes: .+\n\n)?What to do: .+$/),
    });
  }
});

test('a code is made only in capitals, and no other way', () => {
  for (const text of sources) {
    for (const [, code] of text.matchAll(/new DistributedError\(\{\s*code: ([^,\n]+),/g)) {
      expect(code).toMatch(/^'[A-Z][A-Z0-9_]+'$/);
    }
  }
});

test('a section as the terminal shows it', () => {
  expect(sectionLines('NODES_MISSING', sections.get('NODES_MISSING') as string, { ...log, runner: 'yarn' })).toEqual([
    'NODES_MISSING',
    '  The command needs the number of nodes.',
    '  Causes: Neither --nodes, JEST_DISTRIBUTED_NODES nor a config file sets it, and',
    '  this is no parallel CI job.',
    '  What to do: Pass --nodes 4.',
  ]);
});

test('an error ends its first line with the code, and its last with the command that explains it', () => {
  const { stack } = new DistributedError({
    code: 'NO_FILES',
    message: 'Jest finds nothing:\n  here',
    remedy: 'See: npx jest --listTests',
  });
  expect(stack).toBe(
    'jest-distributed: Jest finds nothing: [NO_FILES]\n  here\n  See: npx jest --listTests\n  More: npx jest-distributed help NO_FILES',
  );
});
