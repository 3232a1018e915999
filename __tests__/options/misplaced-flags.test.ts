import { describe, expect, test } from '@jest/globals';
import { misplacedFlags, refuseFlagsBehindDashes, refuseFlagsOfOurs } from '../../src/options/misplaced-flags';

const errorOf = (work: () => void): { code?: string; message?: string } => {
  try {
    work();
  } catch (error) {
    return error as { code: string; message: string };
  }
  return {};
};

describe('flags of this package among the arguments of Jest', () => {
  test.each([
    [
      ['--nodes=4', '--node-number=2'],
      ['--nodes', '--node-number'],
    ],
    [['--nodeNumber=2'], ['--nodeNumber']],
    [['--nodes', '4'], ['--nodes']],
    [['--no-split-local'], ['--no-split-local']],
    [['--group=a=x', '--group=b=y'], ['--group']],
    [['--local'], ['--local']],
    // Jest's own, however much they look like ours.
    [['--shard=1/2', '--watch', '--maxWorkers=2', '--testSequencer=jest-distributed', '-t', 'nodes'], []],
    [['nodes', '-nodes=4', '--nodes-of-mine=4'], []],
    // Path patterns.
    [['--', '--nodes=4'], []],
  ])('%j: %j', (args, flags) => {
    expect(misplacedFlags(args)).toEqual(flags);
  });

  test('the message has the variables and no value, which may be a password', () => {
    const { code, message } = errorOf(() =>
      refuseFlagsOfOurs(['--database-url=postgres://me:secret@db/x', '--nodes=4', 'src']),
    );
    expect(code).toBe('FLAG_GIVEN_TO_JEST');
    expect(message).toBe(
      'jest-distributed: --database-url and --nodes are flags of jest-distributed, and Jest itself ignores them.\n' +
        '  Start Jest through this package, with them before "--"\n  Or set JEST_DISTRIBUTED_NODES and JEST_DISTRIBUTED_DATABASE_URL.',
    );
  });

  test('the command that was meant has what was given, in its place', () => {
    expect(errorOf(() => refuseFlagsOfOurs(['--nodes', '4', 'src', '--split=a', '-t', 'x y'])).message).toContain(
      "npx jest-distributed run --nodes 4 --split=a -- src -t 'x y'\n",
    );
    expect(errorOf(() => refuseFlagsBehindDashes(['--nodes', '4', '--ci'], 'plan', ['--json'])).message).toContain(
      'npx jest-distributed plan --json --nodes 4 -- --ci',
    );
  });

  test('a slip of the pen is one of ours, unless it is nearer to a flag of Jest', () => {
    expect(errorOf(() => refuseFlagsBehindDashes(['--node=4'], 'run')).message).toContain('Did you mean --nodes?');
    expect(() => refuseFlagsBehindDashes(['--covrage', '--notify-mod=x', '--mine=1'], 'run')).not.toThrow();
  });

  test('a slip beside a flag of ours is put right in the command too', () => {
    expect(errorOf(() => refuseFlagsBehindDashes(['--nodes', '4', '--node-numbr', '2', '--ci'], 'run')).message).toBe(
      'jest-distributed: --nodes is a flag of jest-distributed, but is after "--", where Jest\'s own arguments go. ' +
        '--node-numbr is after "--", where Jest\'s own arguments go, and Jest has no such flag.\n' +
        '  Did you mean --node-number? Give them before "--": npx jest-distributed run --nodes 4 --node-number 2 -- --ci',
    );
  });

  test('a flag without a variable', () => {
    expect(errorOf(() => refuseFlagsOfOurs(['--local'])).message).toBe(
      'jest-distributed: --local is a flag of jest-distributed, and Jest itself ignores it.\n' +
        '  Start Jest through this package: npx jest-distributed run --local',
    );
  });

  test('behind the two dashes of a command', () => {
    expect(errorOf(() => refuseFlagsBehindDashes(['--ci', '--label=x'], 'merge')).message).toBe(
      'jest-distributed: --label is a flag of jest-distributed, but is after "--", where Jest\'s own arguments go.\n' +
        '  Give it before "--": npx jest-distributed merge --label=x -- --ci',
    );
    expect(errorOf(() => refuseFlagsBehindDashes(['--ci', 'src'], 'merge'))).toEqual({});
  });
});
