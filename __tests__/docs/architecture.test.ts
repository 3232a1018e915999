import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { root } from './pages';

const text = readFileSync(path.join(root, 'ARCHITECTURE.md'), 'utf8');
const foldersIn = (folder: string): string[] =>
  readdirSync(path.join(root, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);

test.each(['src', 'src/jest'])('the architecture says what every folder of %s is for', (folder) => {
  const heading = folder === 'src' ? '## Layers' : '## Inside `src/jest`';
  const from = text.indexOf(heading);
  const table = text.slice(from, text.indexOf('\n#', from + 1));
  expect(from).toBeGreaterThan(0);
  const named = [...table.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, name]) => name as string);
  expect(named.toSorted()).toEqual(foldersIn(folder).toSorted());
});

test('what the architecture calls pure is what the check of layers takes for the core', () => {
  const script = readFileSync(path.join(root, 'scripts', 'check-layers.mjs'), 'utf8');
  const core = /const CORE = \[([^\]]+)\]/.exec(script)?.[1]?.match(/[\w-]+/g) ?? [];
  const rows = [...text.matchAll(/^\| `([\w-]+)(?:\.ts)?` \|/gm)].map(([, name]) => name as string);
  expect(core).toContain('proof');
  expect(rows.slice(0, rows.indexOf('reports') + 1)).toEqual(core);
});
