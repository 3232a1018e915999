import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type ConfigFolders, loadConfigFile } from '../../src/files/config-file';
import { resolveOptions } from '../../src/options/resolve';

let root: string;

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'config-file-'));
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const folders = (projectDir = root, rootDir = projectDir): ConfigFolders => ({
  ...{ workingDir: projectDir, projectDir, rootDir },
});

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), content);
  }
}

async function messageOf(files: Readonly<Record<string, string>>): Promise<string> {
  write(files);
  try {
    resolveOptions({ environment: {}, configFile: await loadConfigFile(folders()) });
  } catch (error) {
    return (error as Error).message.replace('jest-distributed: ', '');
  }
  throw new Error('nothing was thrown');
}

const commonjs = 'module.exports = { nodes: 4, hashBy: "suite" };';
const esm = 'export default { nodes: 4, hashBy: "suite" };';

describe.each<[string, Record<string, string>]>([
  ['jest-distributed.config.json', { 'jest-distributed.config.json': '\uFEFF{ "nodes": 4, "hashBy": "suite" }' }],
  ['jest-distributed.config.cjs', { 'jest-distributed.config.cjs': commonjs }],
  ['jest-distributed.config.mjs', { 'jest-distributed.config.mjs': esm }],
  ['jest-distributed.config.js', { 'jest-distributed.config.js': commonjs }],
  ['jest-distributed.config.js', { 'jest-distributed.config.js': esm, 'package.json': '{ "type": "module" }' }],
  ['jest-distributed.config.js', { 'jest-distributed.config.js': esm, 'package.json': '{}' }],
  [
    'jest-distributed.config.ts',
    {
      'jest-distributed.config.ts':
        "import { hashBy } from './settings';\nconst nodes: number = 4;\nexport default { nodes, hashBy } satisfies object;",
      'settings.ts': "export const hashBy: string = 'suite';",
    },
  ],
  ['package.json', { 'package.json': '{ "name": "x", "jest-distributed": { "nodes": 4, "hashBy": "suite" } }' }],
])('%s', (name, files) => {
  test(`is loaded (${Object.keys(files).join(', ')})`, async () => {
    write(files);
    const configFile = await loadConfigFile(folders());
    expect(configFile?.path).toBe(name);
    const options = resolveOptions({ environment: {}, configFile });
    expect(options.nodes).toEqual({ value: 4, source: name });
    expect(options.hashBy).toEqual({ value: 'suite', source: name });
    expect(readdirSync(root).sort()).toEqual(Object.keys(files).sort());
  });
});

test('without any there is null', async () => {
  expect(await loadConfigFile(folders())).toBeNull();
  write({ 'package.json': '{ "name": "x" }' });
  expect(await loadConfigFile(folders())).toBeNull();
});

test('folders above the root are not searched', async () => {
  write({
    'jest-distributed.config.json': '{ "nodes": 9 }',
    'package.json': '{ "jest-distributed": { "nodes": 9 } }',
    'checkout/package.json': '{}',
  });
  expect(await loadConfigFile(folders(path.join(root, 'checkout')))).toBeNull();
});

test('an edited file is read anew', async () => {
  write({ 'jest-distributed.config.js': commonjs });
  await loadConfigFile(folders());
  write({ 'jest-distributed.config.js': 'module.exports = { nodes: 5 };' });
  expect((await loadConfigFile(folders()))?.values).toEqual({ nodes: 5 });
});

describe('refused, with a message', () => {
  test('settings in two places', async () => {
    const message = await messageOf({
      'package.json': '{ "jest-distributed": { "nodes": 4 } }',
      'jest-distributed.config.json': '{ "nodes": 5 }',
    });
    expect(message).toBe(
      'There are settings in package.json and in jest-distributed.config.json.\n  Keep them in one place.',
    );
  });

  test.each([
    ['jest-distributed.config.json', '{ "nodes": 4'],
    ['jest-distributed.config.js', 'module.exports = {'],
    ['jest-distributed.config.mjs', 'export default {'],
    ['jest-distributed.config.ts', "throw new Error('boom');"],
    ['package.json', '{ "name" }'],
  ])('%s that cannot be loaded: %s', async (name, content) => {
    const message = await messageOf({ [name]: content });
    expect(message).toMatch(`${name} in ${root} cannot be loaded: `);
    expect(message).toMatch(/: \S.*\n {2}Correct the file\./s);
  });

  test.each([
    ['jest-distributed.config.json', '', '""'],
    ['jest-distributed.config.json', '[]', '[]'],
    ['jest-distributed.config.js', 'module.exports = () => ({});', 'a function'],
    ['package.json', '{ "jest-distributed": false }', 'false'],
  ])('%s that holds no object: %s', async (name, content, shown) => {
    expect(await messageOf({ [name]: content })).toContain(`The settings in ${name} are ${shown}, but they must be`);
  });
});
