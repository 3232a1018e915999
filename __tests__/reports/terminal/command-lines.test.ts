import { execFileSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { commandLines } from '../../../src/reports/terminal/command-lines';
import { cellWidth } from '../../../src/reports/terminal/text-width';
import { log } from '../sample-plan';

test('a long command goes on after a backslash', () => {
  expect(commandLines(['npx', 'jest-distributed', 'run', '--node-number', '2'], { ...log, columns: 30 })).toEqual([
    '  npx jest-distributed run \\',
    '  --node-number 2',
  ]);
});

test('a word that is wider than a line goes on without blanks', () => {
  expect(commandLines(['echo', 'x'.repeat(45), 'y'], { ...log, columns: 40 })).toEqual([
    '  echo \\',
    `  ${'x'.repeat(36)}\\`,
    `${'x'.repeat(9)} y`,
  ]);
});

test('property: a shell reads the very words, whatever is in them', () => {
  const word = fc.string({
    unit: fc.constantFrom('a', '-', ' ', "'", '"', '$', '\\', '`', '*', '日', '🚀'),
    maxLength: 60,
  });
  const command = fc.tuple(fc.array(word, { maxLength: 6 }), fc.integer({ min: 40, max: 100 }));
  const cases = fc.sample(command, 60);
  for (const [words, columns] of cases) {
    for (const line of commandLines(words, { ...log, columns })) expect(cellWidth(line)).toBeLessThanOrEqual(columns);
  }
  // One shell for all of them; a NUL ends each word, two each command.
  const script = cases.map(
    ([words, columns]) => `${commandLines(['printf', '%s\\0', ...words, ''], { ...log, columns }).join('\n')}\n`,
  );
  const read = execFileSync('sh', ['-c', script.join('')], { encoding: 'utf8' });
  expect(read).toBe(cases.map(([words]) => [...words, ''].map((text) => `${text}\0`).join('')).join(''));
});
