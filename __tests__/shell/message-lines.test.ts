/** Errors in a terminal and in a log. */
import { expect, test } from '@jest/globals';
import { breakPrintedErrors, errorColumns, messageLines } from '../../src/shell/message-lines';

const COMMAND = 'npx jest-distributed run --nodes 4 --node-number 2 -- --coverage --config unit.config.js src/cart';
const TEXT = [
  'jest-distributed: There are 4 nodes (from --nodes), but the node number is not set. [CODE]',
  `  Set both on each node of the run, or what stands for them, and start it like this: ${COMMAND}`,
  '    what another program said stays as it is, however long its line may be, for it is not ours',
  '  More: npx jest-distributed help CODE',
].join('\n');

test('a terminal gets lines that fit, and commands that are whole', () => {
  expect(messageLines(TEXT, 60)).toEqual([
    'jest-distributed: There are 4 nodes (from --nodes), but the',
    '  node number is not set. [CODE]',
    '  Set both on each node of the run, or what stands for them,',
    '    and start it like this:',
    `    ${COMMAND}`,
    '    what another program said stays as it is, however long its line may be, for it is not ours',
    '  More: npx jest-distributed help CODE',
  ]);
});

test('a log gets sentences that a search finds, and long commands on lines of their own', () => {
  expect(messageLines(TEXT, null)).toEqual([
    'jest-distributed: There are 4 nodes (from --nodes), but the node number is not set. [CODE]',
    '  Set both on each node of the run, or what stands for them, and start it like this:',
    `    ${COMMAND}`,
    '    what another program said stays as it is, however long its line may be, for it is not ours',
    '  More: npx jest-distributed help CODE',
  ]);
});

test('in the output of another process our errors fit too, and nothing else is touched', () => {
  const foreign = `console.log ${'x '.repeat(60)}[NOT_OURS]`;
  expect(breakPrintedErrors([foreign, TEXT, foreign].join('\n'), 60)).toBe(
    [foreign, ...messageLines(TEXT, 60), foreign].join('\n'),
  );
});

test.each([
  [{ isTTY: true, columns: 120 }, 120],
  [{ isTTY: true, columns: 20 }, 40],
  [{ isTTY: true, columns: 0 }, null],
  [{}, null],
])('the width of %j is %j', (stream, columns) => {
  expect(errorColumns(stream)).toBe(columns);
});

test.each([
  [
    '  The table is from another release. Run "npx jest-distributed db migrate" with a role that may.',
    ['  The table is from another release. Run', '    "npx jest-distributed db migrate" with a role that may.'],
  ],
  [
    '  Correct the URL in --database-url, or create the database: createdb -h db -p 5433 -U ci tests',
    ['  Correct the URL in --database-url, or create the database:', '    createdb -h db -p 5433 -U ci tests'],
  ],
])('a command of any program is not broken: %s', (text, lines) => expect(messageLines(text, 60)).toEqual(lines));
