/** The URL of the queue's database holds a password: whatever is wrong with it, no part of it is printed. */
import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { hideSecrets } from '../../src/options/hide-secrets';
import { readDatabaseUrl } from '../../src/postgres/client/database-url';

const errorOf = (url: string): unknown => {
  try {
    readDatabaseUrl(url, '--database-url');
    return undefined;
  } catch (error) {
    return error;
  }
};

describe('a URL', () => {
  test.each([
    ['postgres://ci:pw@db:6432/queue', 'db:6432/queue', 'ci', ['pw', 'pw']],
    ['postgresql://db/queue?sslmode=require', 'db:5432/queue', '', []],
    ['postgres://ci:a%2Fb%40c@[::1]:5432/q', '[::1]:5432/q', 'ci', ['a%2Fb%40c', 'a/b@c']],
    ['postgres:///queue?host=/var/run/postgresql', '/var/run/postgresql:5432/queue', '', []],
    ['postgres://ci@127.0.0.1', '127.0.0.1:5432/', 'ci', []],
    ['postgres://db/q?user=ci&password=pw', 'db:5432/q', '', ['pw']],
  ])('%s is read', (url, address, user, secrets) => {
    expect(readDatabaseUrl(url, 'x')).toMatchObject({ url, address, user, secrets });
  });

  test.each([
    ['postgres://ci:a/SECRET@127.0.0.1:1/ci', 'a / is before its @; in a user or password write %2F'],
    ['postgres://ci:12/SECRET@127.0.0.1:1/ci', 'a / is before its @'],
    ['postgres://ci:/SECRET@127.0.0.1:1/ci', 'a / is before its @'],
    ['postgres://ci:a#SECRET@127.0.0.1:1/ci', 'a # is before its @; in a user or password write %23'],
    ['postgres://ci:a?SECRET@127.0.0.1:1/ci', 'a ? is before its @; in a user or password write %3F'],
    ['postgres://ci:a@SECRET@127.0.0.1:1/ci', 'it holds more than one @'],
    ['postgres://ci:a@b?SECRET@127.0.0.1:1/ci', 'it holds more than one @'],
    ['postgres://ci:SECRET@db/ci@SECRET', 'it holds more than one @'],
    ['postgres://ci:SECRET:b@db/ci', 'its password holds a colon; write %3A'],
    ['postgres://ci:100%SECRET@db/ci', 'it holds a % without a code; in a password write %25'],
    ['ci:SECRET@127.0.0.1:1/ci', 'it does not begin with postgres:// or postgresql://'],
    ['//ci:SECRET@127.0.0.1:1/ci', 'it does not begin with'],
    ['mysql://ci:SECRET@127.0.0.1:1/ci', 'it does not begin with'],
    ['postgres//ci:SECRET@127.0.0.1:1/ci', 'after "postgres" or "postgresql" it lacks the :// in this form'],
    ['postgres:/ci:SECRET@127.0.0.1:1/ci', 'it lacks the :// in this form'],
    ['postgres:ci:SECRET@127.0.0.1:1/ci', 'it lacks the :// in this form'],
    ['"postgres://ci:a/SECRET@127.0.0.1/ci"', 'it is in quotation marks'],
    ['postgres://ci:SECRET@db/ci\n', 'it ends in a line break'],
    ['postgres://ci:SECRET word@db/ci', 'it holds a space'],
    ['postgres://ci:SECRET@db:port/ci', 'its host and port are invalid'],
    ['postgres://ci:SECRET', 'its host and port are invalid'],
    ['postgres://ci:SECRET@db:70000/ci', 'its port is not from 1 to 65535'],
    ['postgres://ci:pw@db/SECRET/x', 'its database holds a /'],
    ['postgres://ci:pw@db/ci%40SECRET', 'its host or database holds an @'],
    ['SECRET', 'it does not begin with'],
    ['', 'it does not begin with'],
  ])('%j is refused, with the slip and without the value', (url, why) => {
    const error = errorOf(url) as Error;
    expect(error).toMatchObject({ code: 'DATABASE_URL_INVALID' });
    expect(error.message).toContain(`The value of --database-url is not the URL of a PostgreSQL database: `);
    expect(error.message).toContain(why);
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('SECRET');
  });

  test('with any password, in any place, never shows it', () => {
    const password = fc
      .string({ unit: 'binary-ascii', minLength: 6, maxLength: 20 })
      .filter((text) => /\w{4}/.test(text));
    const frame = fc.constantFrom<[string, string]>(
      ['postgres://ci:', '@db:5432/queue'],
      ['postgres://', '@db/queue'],
      ['postgres:/ci:', '@db/queue'],
      ['ci:', '@db/queue'],
      ['"postgres://ci:', '@db/queue"'],
      ['postgres://ci:x@db/queue?password=', ''],
    );
    fc.assert(
      fc.property(password, frame, (secret, [before, after]) => {
        const word = /\w{4}/.exec(secret)?.[0] as string;
        let shown: string;
        try {
          shown = readDatabaseUrl(before + secret + after, 'x').address;
        } catch (error) {
          shown = inspect(error, { depth: 9 });
        }
        fc.pre(!'postgres://user:password@host:5432/database PostgreSQL encodeURIComponent'.includes(word));
        // Words of the message itself and of its stack may be part of a password too.
        const innocent = inspect(errorOf(''), { depth: 9 }) + inspect(errorOf('postgres://a%@b'), { depth: 9 });
        fc.pre(!innocent.includes(word));
        expect(shown).not.toContain(word);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a text that repeats what was typed', () => {
  test.each([
    ['ci:SECRET@db/q', '(not shown: it may hold a password)'],
    ['a, ci:two SECRET@db/q', 'a, (not shown: it may hold a password)'],
    ['postgres:/ci:SECRET', '(not shown: it may hold a password)'],
    ['--databas-url, databasUrl', '--databas-url, databasUrl'],
    ['src/@app/cart.test.js', 'src/@app/cart.test.js'],
    ['"url": "//ci:SECRET@db"\nnext line', '(not shown: it may hold a password)\nnext line'],
  ])('%j', (text, shown) => {
    expect(hideSecrets(text)).toBe(shown);
  });
});
