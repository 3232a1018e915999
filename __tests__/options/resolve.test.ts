import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { toEnvironment, withoutOptions } from '../../src/options/environment';
import { type RawOptions, resolveOptions } from '../../src/options/resolve';
import { optionNames, optionRow } from '../../src/options/table';

const config = (values: unknown) => ({ path: 'jest-distributed.config.json', values });

function resolve(raw: Partial<RawOptions>) {
  return resolveOptions({ environment: {}, ...raw });
}

function messageOf(raw: Partial<RawOptions>): string {
  try {
    resolve(raw);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was thrown');
}

describe('precedence', () => {
  test('without any setting there are only the constant defaults', () => {
    const given = Object.entries(resolve({})).filter(([, setting]) => setting !== undefined);
    expect(Object.fromEntries(given)).toEqual({
      disabled: { value: false, source: 'default' },
      hashBy: { value: 'file', source: 'default' },
      hookSeconds: { value: 120, source: 'default' },
      databaseSchema: { value: 'jest_distributed', source: 'default' },
      maxRetries: { value: 0, source: 'default' },
      leaseSeconds: { value: 30, source: 'default' },
      reportDir: { value: '.jest-distributed/report', source: 'default' },
      rerun: { value: 'failed', source: 'default' },
      splitLocal: { value: true, source: 'default' },
    });
  });

  test('a config file beats the default, a variable beats the file, a flag beats the variable', () => {
    const configFile = config({ hashBy: 'suite' });
    const environment = { JEST_DISTRIBUTED_HASH_BY: 'test' };
    const flags = { 'hash-by': 'auto' };
    expect(resolve({ configFile }).hashBy).toEqual({ value: 'suite', source: 'jest-distributed.config.json' });
    expect(resolve({ configFile, environment }).hashBy).toEqual({ value: 'test', source: 'JEST_DISTRIBUTED_HASH_BY' });
    expect(resolve({ configFile, environment, flags }).hashBy).toEqual({ value: 'auto', source: '--hash-by' });
  });

  test('flags are read in both spellings of yargs and beside keys that are not ours', () => {
    const flags = { _: [], $0: 'jest-distributed', nodeNumber: '2', nodes: '4', local: true };
    const options = resolve({ flags });
    expect(options.nodeNumber).toEqual({ value: 2, source: '--node-number' });
    expect(options.nodes).toEqual({ value: 4, source: '--nodes' });
  });

  test('a value that another overrides is checked too', () => {
    const environment = { JEST_DISTRIBUTED_NODES: 'four' };
    expect(messageOf({ environment, flags: { nodes: '4' } })).toContain('JEST_DISTRIBUTED_NODES is "four"');
  });
});

describe('values', () => {
  test.each<[string, string, unknown]>([
    ['JEST_DISTRIBUTED_NODES', 'auto', 'auto'],
    ['JEST_DISTRIBUTED_NODES', '12', 12],
    ['JEST_DISTRIBUTED_NODE_INDEX', '0', 0],
    ['JEST_DISTRIBUTED_SPLIT_LOCAL', 'TRUE', true],
    ['JEST_DISTRIBUTED_SPLIT_LOCAL', '0', false],
    ['JEST_DISTRIBUTED_STRATEGY', 'bounded-ring', 'bounded-ring'],
    ['JEST_DISTRIBUTED_LABEL', 'unit tests', 'unit tests'],
    ['JEST_DISTRIBUTED_RUN_ID', 'b5e6b0c2-0c4f-4b54-9a0c-f3b1f8a7f7b0', 'b5e6b0c2-0c4f-4b54-9a0c-f3b1f8a7f7b0'],
    ['JEST_DISTRIBUTED_EXPECT_DIGEST', '3f9a0c11', '3f9a0c11'],
    ['JEST_DISTRIBUTED_TIMINGS', 'ci/timings.json', 'ci/timings.json'],
  ])('%s=%s', (variable, text, value) => {
    const name = optionNames.find((candidate) => optionRow(candidate).variable === variable);
    expect(resolve({ environment: { [variable]: text } })[name as 'nodes']).toEqual({ value, source: variable });
  });

  test.each<[string, string, string]>([
    ['JEST_DISTRIBUTED_NODES', '0', 'a whole number from 1 to 10000, or auto'],
    ['JEST_DISTRIBUTED_NODES', '1.5', 'a whole number from 1 to 10000, or auto'],
    ['JEST_DISTRIBUTED_NODES', '4 ', 'a whole number from 1 to 10000, or auto'],
    ['JEST_DISTRIBUTED_NODES', '0x4', 'a whole number from 1 to 10000, or auto'],
    ['JEST_DISTRIBUTED_NODES', '-4', 'a whole number from 1 to 10000, or auto'],
    ['JEST_DISTRIBUTED_NODES', '20000', 'a whole number from 1 to 10000, or auto'],
    ['JEST_DISTRIBUTED_NODE_INDEX', '-1', 'a whole number of 0 or more'],
    ['JEST_DISTRIBUTED_ATTEMPT', '99999999999999999999', 'a whole number of 1 or more'],
    ['JEST_DISTRIBUTED_HASH_BY', 'File', 'one of file, suite, test, auto'],
    ['JEST_DISTRIBUTED_STRATEGY', 'random', 'one of ring, bounded-ring, sticky'],
    ['JEST_DISTRIBUTED_SPLIT_LOCAL', 'yes', '1 or true, 0 or false'],
    ['JEST_DISTRIBUTED_EXPECT_DIGEST', 'a b', 'a digest as `jest-distributed plan` prints it'],
  ])('%s=%s is refused', (variable, text, expected) => {
    expect(messageOf({ environment: { [variable]: text } })).toBe(
      `jest-distributed: ${variable} is ${JSON.stringify(text)}, but it must be ${expected}.\n  Correct it or remove it.`,
    );
  });

  test.each(['..', '.', 'a/b', 'a\\b', 'a:b', '-x', 'x.', 'x ', 'a\0', 'a\n', 'x'.repeat(101)])(
    'a label %j, which could not be a folder, is refused',
    (label) => {
      expect(messageOf({ environment: { JEST_DISTRIBUTED_LABEL: label } })).toContain('JEST_DISTRIBUTED_LABEL is ');
    },
  );

  test('node number 0 points to the index', () => {
    expect(messageOf({ environment: { JEST_DISTRIBUTED_NODE_NUMBER: '0' } })).toBe(
      'jest-distributed: JEST_DISTRIBUTED_NODE_NUMBER is "0", but it must be a whole number of 1 or more.\n' +
        '  Correct it or remove it. For a CI that counts from 0 use JEST_DISTRIBUTED_NODE_INDEX (--node-index) instead.',
    );
  });

  test.each(optionNames)('%s set but empty is refused', (name) => {
    const { variable, flag, type } = optionRow(name);
    expect(messageOf({ environment: { [variable]: '' } })).toContain(`${variable} is set but empty.\n  Set it to `);
    if (type.kind !== 'boolean') expect(messageOf({ flags: { [flag]: '' } })).toContain(`--${flag} is set but empty.`);
  });

  test('a flag that is given twice is refused', () => {
    expect(messageOf({ flags: { nodes: ['3', '4'] } })).toBe(
      'jest-distributed: --nodes is given 2 times: "3", "4".\n  Give it once.',
    );
  });
});

describe('unknown variables', () => {
  test.each([
    ['JEST_DISTRIBUTED_NODE_NUMER', 'JEST_DISTRIBUTED_NODE_NUMBER'],
    ['JEST_DISTRIBUTED_NODE', 'JEST_DISTRIBUTED_NODES'],
    ['jest_distributed_nodes', 'JEST_DISTRIBUTED_NODES'],
    ['JEST_DISTRIBUTED_DISABLE', 'JEST_DISTRIBUTED_DISABLED'],
  ])('%s: did you mean %s', (variable, nearest) => {
    expect(messageOf({ environment: { [variable]: '1' } })).toBe(
      `jest-distributed: The environment variable ${variable} is unknown.\n` +
        `  Did you mean ${nearest}? If not, remove it.\n  All variables: npx jest-distributed help run`,
    );
  });

  test('a name that is near to none is not guessed', () => {
    expect(messageOf({ environment: { JEST_DISTRIBUTED_QQQQQQQQQ: '1' } })).toContain('\n  Remove it.\n');
  });

  test('all of them are named at once', () => {
    expect(messageOf({ environment: { JEST_DISTRIBUTED_NODE_NUMBR: '1', JEST_DISTRIBUTED_LABL: 'a' } })).toBe(
      'jest-distributed: The environment variables JEST_DISTRIBUTED_LABL, JEST_DISTRIBUTED_NODE_NUMBR are unknown.\n' +
        '  JEST_DISTRIBUTED_LABL: Did you mean JEST_DISTRIBUTED_LABEL? If not, remove it.\n' +
        '  JEST_DISTRIBUTED_NODE_NUMBR: Did you mean JEST_DISTRIBUTED_NODE_NUMBER? If not, remove it.\n' +
        '  All variables: npx jest-distributed help run',
    );
  });

  test('internal, unset and foreign variables are no business of ours', () => {
    const environment = { JDIST_INTERNAL_SHARE: 'x', JEST_DISTRIBUTED_OLD: undefined, JEST_WORKER_ID: '1' };
    expect(() => resolve({ environment })).not.toThrow();
  });
});

describe('config file', () => {
  test('takes numbers and booleans as they are', () => {
    const options = resolve({ configFile: config({ nodes: 4, splitLocal: false, workers: '2', label: undefined }) });
    expect([options.nodes?.value, options.splitLocal.value, options.workers?.value]).toEqual([4, false, 2]);
    expect(options.label).toBeUndefined();
  });

  test.each<[unknown, string]>([
    [{ nodeNumber: 2 }, 'nodeNumber in jest-distributed.config.json is 2, but all nodes and runs share a config file'],
    [{ runId: 'x' }, 'runId in jest-distributed.config.json is "x", but all nodes and runs share a config file'],
    [{ hashby: 'file' }, 'hashby in jest-distributed.config.json is not an option.\n  Did you mean hashBy?'],
    [{ zzzzzz: 1 }, 'zzzzzz in jest-distributed.config.json is not an option.\n  Remove it.'],
    [
      { nodes: 0 },
      'nodes in jest-distributed.config.json is 0, but it must be a whole number from 1 to 10000, or auto.',
    ],
    [{ nodes: null }, 'nodes in jest-distributed.config.json is null, but it must be'],
    [{ workers: [2] }, 'workers in jest-distributed.config.json is [2], but it must be'],
    [{ timings: 3 }, 'timings in jest-distributed.config.json is 3, but it must be a path.'],
    [[], 'The settings in jest-distributed.config.json are [], but they must be an object.'],
    ['', 'The settings in jest-distributed.config.json are "", but they must be an object.'],
    [undefined, 'The settings in jest-distributed.config.json are undefined, but they must be an object.'],
    [() => ({}), 'The settings in jest-distributed.config.json are a function, but they must be an object.'],
  ])('%j is refused', (values, message) => {
    expect(messageOf({ configFile: config(values) })).toContain(message);
  });

  test('an identity option names what to set instead', () => {
    expect(messageOf({ configFile: config({ nodeIndex: 0 }) })).toContain(
      '\n  Remove it there and set JEST_DISTRIBUTED_NODE_INDEX or --node-index on the node.',
    );
  });
});

describe('disabled', () => {
  test.each(['1', 'true', 'TRUE', 'True'])('%s wins over every other wrong setting', (value) => {
    const options = resolve({
      environment: {
        JEST_DISTRIBUTED_DISABLED: value,
        JEST_DISTRIBUTED_NODES: 'abc',
        JEST_DISTRIBUTED_NODE_NUMBER: '2',
        JEST_DISTRIBUTED_HASH_BY: '',
        JEST_DISTRIBUTED_NOODES: '1',
      },
      configFile: config({ nodeNumber: 1, unknown: 1 }),
    });
    expect(options.disabled).toEqual({ value: true, source: 'JEST_DISTRIBUTED_DISABLED' });
    expect(options.nodes).toBeUndefined();
    expect(options.nodeNumber?.value).toBe(2);
    expect(options.hashBy.value).toBe('file');
  });

  test('the flag wins over a wrong variable', () => {
    const environment = { JEST_DISTRIBUTED_DISABLED: 'maybe' };
    expect(resolve({ environment, flags: { 'distributed-disabled': true } }).disabled.value).toBe(true);
  });

  test.each(['maybe', 'yes', '2', ''])('%j is neither true nor false', (value) => {
    expect(messageOf({ environment: { JEST_DISTRIBUTED_DISABLED: value } })).toContain('JEST_DISTRIBUTED_DISABLED is ');
  });

  test.each(['0', 'false', 'FALSE'])('%s leaves everything else checked', (value) => {
    const environment = { JEST_DISTRIBUTED_DISABLED: value, JEST_DISTRIBUTED_NODES: 'abc' };
    expect(messageOf({ environment })).toContain('JEST_DISTRIBUTED_NODES is "abc"');
  });
});

describe('as an environment for other processes', () => {
  const values = fc.record(
    {
      JEST_DISTRIBUTED_NODES: fc.oneof(fc.constant('auto'), fc.integer({ min: 1, max: 10_000 }).map(String)),
      JEST_DISTRIBUTED_NODE_NUMBER: fc.integer({ min: 1, max: 10_000 }).map(String),
      JEST_DISTRIBUTED_HASH_BY: fc.constantFrom('file', 'suite', 'test', 'auto'),
      JEST_DISTRIBUTED_LABEL: fc.constantFrom('unit', 'integration tests', 'ünit'),
      JEST_DISTRIBUTED_SPLIT_LOCAL: fc.constantFrom('true', 'false'),
    },
    { requiredKeys: [] },
  );

  test('settings survive the way through it, from wherever they came', () => {
    fc.assert(
      fc.property(values, (environment) => {
        expect(toEnvironment(resolveOptions({ environment }))).toEqual({ ...environment });
      }),
    );
  });

  test('a nested Jest gets none of them', () => {
    fc.assert(
      fc.property(values, (environment) => {
        expect(withoutOptions({ ...environment, JEST_DISTRIBUTED_TYPO: '1', PATH: '/bin' })).toEqual({ PATH: '/bin' });
      }),
    );
  });
});

describe('lists', () => {
  const values = (flags: Record<string, unknown>, environment: Record<string, string> = {}) => {
    const { split, whole, group } = resolveOptions({ flags, environment });
    return [split?.value, whole?.value, group?.value];
  };

  test('come from flags given once or often, from variables with commas, and commas in braces are part of a glob', () => {
    expect(values({ split: ['a', 'b,c'], group: 'db=src/{x,y}/**,web=w/**' })).toEqual([
      ['a', 'b', 'c'],
      undefined,
      ['db=src/{x,y}/**', 'web=w/**'],
    ]);
    expect(values({}, { JEST_DISTRIBUTED_WHOLE: '@(a,b)/**, c.js' })).toEqual([
      undefined,
      ['@(a,b)/**', 'c.js'],
      undefined,
    ]);
  });

  test('come from an array in a config file', () => {
    const configFile = { path: 'jest-distributed.config.json', values: { split: ['a', 'b'] } };
    expect(resolveOptions({ environment: {}, configFile }).split).toEqual({
      value: ['a', 'b'],
      source: 'jest-distributed.config.json',
    });
  });

  test.each([
    [{ group: 'src/**' }, '--group is "src/**", but it must be one or more of the form name=glob.'],
    [{ split: 'a,,b' }, '--split is "a,,b", but it must be one or more globs.'],
    [{ whole: ['a', ''] }, '--whole is ["a",""], but it must be one or more globs.'],
  ])('%j is refused', (flags, message) => {
    expect(() => values(flags)).toThrow(message);
  });
});

describe('the URL of a database', () => {
  const url = 'postgres://me:pa55word@db/tests';

  test('comes from its variable or flag', () => {
    const options = resolveOptions({ environment: { JEST_DISTRIBUTED_DATABASE_URL: url } });
    expect(options.databaseUrl).toEqual({ value: url, source: 'JEST_DISTRIBUTED_DATABASE_URL' });
  });

  test.each([
    ['twice', () => resolveOptions({ flags: { 'database-url': [url, url] }, environment: {} })],
    ['as no text', () => resolveOptions({ flags: { 'database-url': { url } }, environment: {} })],
    [
      'in a config file',
      () => resolveOptions({ environment: {}, configFile: { path: 'package.json', values: { databaseUrl: url } } }),
    ],
  ])('given %s is refused without showing it', (_how, act) => {
    let message = '';
    try {
      act();
    } catch (error) {
      message = String(error);
    }
    expect(message).toMatch(/databaseUrl|--database-url/);
    expect(message).not.toContain('pa55word');
  });

  test("variables of this package's own tests are nobody's mistake", () => {
    expect(() => resolveOptions({ environment: { JEST_DISTRIBUTED_TEST_DATABASE_URL: url } })).not.toThrow();
  });
});
