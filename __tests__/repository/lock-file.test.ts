import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';

interface LockedPackage {
  readonly resolved?: string;
  readonly integrity?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const read = (file: string) => JSON.parse(readFileSync(path.join(__dirname, '..', '..', file), 'utf8'));
const { packages } = read('package-lock.json') as { readonly packages: Readonly<Record<string, LockedPackage>> };
const { '': own, ...locked } = packages;

test('names no registry, and has a hash for every package', () => {
  expect(Object.keys(locked).filter((name) => locked[name]?.resolved !== undefined)).toEqual([]);
  expect(Object.keys(locked).filter((name) => locked[name]?.integrity === undefined)).toEqual([]);
});

test('lists the binary packages of every system, not only of the one where it was made', () => {
  const names = new Set(Object.keys(locked).map((place) => place.replace(/^.*node_modules\//, '')));
  const wanted = Object.values(locked).flatMap(({ optionalDependencies = {} }) => Object.keys(optionalDependencies));
  expect(wanted).toContain('@esbuild/win32-x64');
  expect(wanted.filter((name) => !names.has(name))).toEqual([]);
});

test('is the lock of this package.json', () => {
  const { dependencies, devDependencies, peerDependencies } = read('package.json');
  expect(own).toMatchObject({ dependencies, devDependencies, peerDependencies });
});
