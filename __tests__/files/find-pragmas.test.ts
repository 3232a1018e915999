import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { findPragmaTexts } from '../../src/files/find-pragmas';

const MARKED = '/** @jest-distributed whole */\n';

let root: string;

beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), 'pragmas-'));
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

test('files with a pragma of ours are found, whatever their names; others, and those that cannot be read, are not', () => {
  const texts = {
    'plain.test.js': 'test();',
    'tests/[a].b*.test.js': MARKED,
    'ünï-e\u0301.test.js': `#!/usr/bin/env node\n${MARKED}test();`,
    'empty.test.js': '',
  };
  for (const [name, text] of Object.entries(texts)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  }
  const files = [...Object.keys(texts), 'gone.test.js', 'tests'];
  const found = findPragmaTexts(files.map((file) => path.join(root, file)));
  expect([...found]).toEqual([
    [1, texts['tests/[a].b*.test.js']],
    [2, texts['ünï-e\u0301.test.js']],
  ]);
});
