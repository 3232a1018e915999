/** The parts of examples/queue that only work together: the database of Docker, and the URL in the scripts. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { parseDocument } from 'yaml';

const example = path.join(__dirname, '..', '..', 'examples', 'queue');
const { scripts } = JSON.parse(readFileSync(path.join(example, 'package.json'), 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>;
};
const readMe = readFileSync(path.join(example, 'README.md'), 'utf8');

test('the scripts know the database that docker-compose.yml starts', () => {
  const compose = parseDocument(readFileSync(path.join(example, 'docker-compose.yml'), 'utf8'));
  expect([...compose.errors, ...compose.warnings]).toEqual([]);
  const { environment, ports } = compose.toJS().services.database;
  const url = new URL(/--database-url (\S+)/.exec(scripts.node as string)?.[1] as string);
  expect({ password: url.password, name: url.pathname.slice(1) }).toEqual({
    password: environment.POSTGRES_PASSWORD,
    name: environment.POSTGRES_DB,
  });
  expect(ports).toEqual([`${url.hostname}:${url.port}:5432`]);
  expect(scripts.history).toContain(url.href);
});

test('the README names scripts that exist, and all of them', () => {
  const named = new Set([...readMe.matchAll(/npm run ([\w-]+)/g)].map((match) => match[1] as string));
  expect([...named].sort()).toEqual(
    Object.keys(scripts)
      .filter((name) => name !== 'test')
      .sort(),
  );
});
