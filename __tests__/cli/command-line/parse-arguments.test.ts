import { describe, expect, test } from '@jest/globals';
import type { Arguments, Command } from '../../../src/cli/command-line/command';
import { parseArguments } from '../../../src/cli/command-line/parse-arguments';
import { COMMANDS } from '../../../src/cli/commands';
import { isDistributedError } from '../../../src/errors';

const commandOf = (name: string) => COMMANDS.find((one) => one.name === name) as Command;
const parse = (name: string, ...args: string[]): Arguments => parseArguments(args, commandOf(name));

function errorOf(name: string, ...args: string[]): { code: string; fact: string; remedy: string } {
  try {
    parse(name, ...args);
  } catch (error) {
    if (isDistributedError(error)) return { code: error.code, fact: error.fact, remedy: error.remedy };
    throw error;
  }
  throw new Error('nothing was refused');
}

test('flags in both spellings, positionals, and what stands behind two dashes', () => {
  expect(parse('merge', 'a', '--expect-nodes', '4', 'b', '--run-missing', '--', '--json', '--', 'x')).toMatchObject({
    ...{ dirs: ['a', 'b'], 'expect-nodes': '4', expectNodes: '4', runMissing: true, _: ['merge'] },
    '--': ['--json', '--', 'x'],
  });
  expect(parse('merge')).not.toHaveProperty('dirs');
  expect(parse('timings show')).toMatchObject({ top: '10' });
  expect(parse('timings show', '--top=3')).toMatchObject({ top: '3' });
  expect(parse('explain', 'a', '--nodeNumber=2')).toMatchObject({ file: 'a', nodeNumber: '2' });
});

describe('what is not understood', () => {
  test.each([
    ['plan', ['--node', '4'], 'FLAG_UNKNOWN', /has no flag --node\.$/, /^Did you mean --nodes,/],
    ['run', ['--node', '5'], 'FLAG_UNKNOWN', /--node\.$/, /^Did you mean --nodes, --node-number or --node-index\? See/],
    ['run', ['--max-retry', '2'], 'FLAG_UNKNOWN', /--max-retry\.$/, /^Did you mean --max-retries\? See: /],
    ['plan', ['--constructor', '4'], 'FLAG_UNKNOWN', /has no flag --constructor\.$/, /after "--"\. See: /],
    ['plan', ['--nodes'], 'USAGE', /--nodes needs a value: --nodes <number\|auto>$/, /^See: /],
    ['plan', ['--out', 'a', '--out', 'b'], 'OPTION_REPEATED', /--out is given 2 times/, /once/],
    ['plan', ['--json=yes'], 'USAGE', /--json takes no value, but is given "yes"/, /^See: /],
    [
      'run',
      ['--testNamPattern', 'a'],
      'FLAG_UNKNOWN',
      /no flag --testNamPattern/,
      /^Did you mean Jest's --testNamePattern\? Arguments of Jest go after "--"\. See: /,
    ],
    [
      'run',
      ['--nothing-like-it'],
      'FLAG_UNKNOWN',
      /no flag --nothing-like-it/,
      /^Arguments of Jest go after "--"\. See: /,
    ],
    ['verify', ['--', 'src'], 'USAGE', /takes no arguments after "--"/, /^See: /],
    ['verify', ['--coverage'], 'FLAG_UNKNOWN', /has no flag --coverage/, /^See: /],
    ['explain', [], 'USAGE', /needs <file>/, /^For example: npx jest-distributed explain /],
    ['cancel', ['k1'], 'USAGE', /does not take the argument "k1"/, /^Did you mean --run-id k1\? See: /],
    ['explain', ['a', 'b'], 'USAGE', /"b"/, /^See: /],
    ['db prune', [], 'USAGE', /needs --days/, /npx jest-distributed db prune --days 90$/],
    ['run', ['--local', '--queue', '--sequential'], 'USAGE', /exclude each other/, /Remove one/],
  ])('%s %j: %s', (name, args, code, fact, remedy) => {
    expect(errorOf(name, ...args)).toEqual({
      code,
      fact: expect.stringMatching(fact),
      remedy: expect.stringMatching(remedy),
    });
  });

  test.each<[string[], string]>([
    [['--coverage'], '-- --coverage'],
    // Two letters are no slip of --ui, and a flag of Jest is Jest's.
    [['-t', 'cart'], '-- -t cart'],
    [['-i'], '-- -i'],
    [['--ci'], '-- --ci'],
    [['--nodes', '4', '-t', 'x y', 'src', '--label=a', '--', '--ci'], "--nodes 4 --label=a -- -t 'x y' src --ci"],
    [['src/a.test.js', '--local'], '--local -- src/a.test.js'],
    [['--queue', '--nodes', '2', '--', 'src'], '--queue --nodes 2 --local -- src'],
  ])('run %j is told as it was meant', (args, meant) => {
    expect(errorOf('run', ...args).remedy.endsWith(`: npx jest-distributed run ${meant}`)).toBe(true);
  });

  test('--queue beside a database is left out, for the nodes of --local are not meant', () => {
    const { remedy } = errorOf('run', '--database-url', 'postgres://ci@db/q', '--queue');
    expect(remedy).toBe('Remove --queue: --database-url is set, so the nodes pull from a queue without it.');
  });

  test('beside --hosts no remedy asks for --local, which excludes it', () => {
    expect(errorOf('run', '--hosts', 'ada', '--queue').remedy).toBe(
      'Remove --queue: --hosts is set, so the nodes pull from a queue without it.',
    );
    const { fact, remedy } = errorOf('run', '--hosts', 'ada', '--sequential');
    expect([fact, remedy]).toEqual(['--sequential and --hosts exclude each other.', 'Remove one of the two.']);
  });

  test('what may be a password is not repeated', () => {
    for (const args of [
      ['--database-url', 'postgres://ci:SECRET@db/q', '--coverage'],
      ['postgres://ci:SECRET@db/q'],
      ['--databas-url=postgres://ci:SECRET@db/q'],
      ['--database-url', 'postgres://ci:SECRET@db/q', '--queue'],
    ]) {
      expect(JSON.stringify(errorOf('run', ...args))).not.toContain('SECRET');
    }
  });
});
