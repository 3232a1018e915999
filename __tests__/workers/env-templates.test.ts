import { expect, test } from '@jest/globals';
import { resolveOptions } from '../../src/options/resolve';
import { checkTemplates, fillTemplates, needSlot } from '../../src/workers/env-templates';
import { isModuleHook } from '../../src/workers/hook';

const workers = { node: 2, nodes: 3, nodeName: 2, run: 'r7', firstSlot: 4, count: 2 };
const fill = (template: string) => fillTemplates({ X: template }, workers, 2).X;

test('a template has the values of its worker', () => {
  expect(fill('{slot} {worker} {node} {nodes} {run}')).toBe('5 n2w2 2 3 r7');
  expect(fill('{4000+slot}')).toBe('4005');
  expect(fill('{4000+10*slot}')).toBe('4050');
  expect(fill('{ 4000 + slot }')).toBe('4005');
  expect(fill('postgres://localhost/test_{run}_{worker}')).toBe('postgres://localhost/test_r7_n2w2');
  expect(fill('{{"slot":{slot}}}')).toBe('{"slot":5}');
  expect(fill('')).toBe('');
});

test.each([
  ['{slto}', '{slto}'],
  ['{4000-slot}', '{4000-slot}'],
  ['{1+worker}', '{1+worker}'],
  ['{', '{'],
  ['a}', '}'],
  ['{}', '{}'],
])('%s is refused, with what stands for nothing', (template, unknown) => {
  expect(() => checkTemplates({ PORT: template }, 'env in package.json')).toThrow(
    `env in package.json sets PORT to ${JSON.stringify(template)}, and ${unknown} stands for nothing`,
  );
});

test.each(['JEST_WORKER_ID', 'JEST_DISTRIBUTED_SLOT', 'NODE_OPTIONS', '1A', 'A B', ''])('no variable %p', (name) => {
  expect(() => checkTemplates({ [name]: 'x' }, 'env')).toThrow(`env sets ${JSON.stringify(name)}`);
});

test('only some need a slot', () => {
  expect(needSlot({ A: '{run}', B: '{{slot}}' })).toBe(false);
  expect(needSlot({ A: '{run}', B: 'x{1+slot}' })).toBe(true);
});

test('as a setting: an object in a file, a list elsewhere', () => {
  const inFile = { path: 'package.json', folder: '/p', values: { env: { PORT: '{4000+slot}', DEBUG: 1 } } };
  expect(resolveOptions({ environment: {}, configFile: inFile }).env).toEqual({
    value: { PORT: '{4000+slot}', DEBUG: '1' },
    source: 'package.json',
  });
  const flags = { 'worker-env': ['A=1', 'B=x=y,C={slot}'] };
  expect(resolveOptions({ flags, environment: {} }).env?.value).toEqual({ A: '1', B: 'x=y', C: '{slot}' });
  const wrong = { path: 'package.json', values: { env: { PORT: ['x'] } } };
  expect(() => resolveOptions({ environment: {}, configFile: wrong })).toThrow('env in package.json is');
  expect(() => resolveOptions({ environment: { JEST_DISTRIBUTED_ENV: 'A={x}' } })).toThrow(
    'JEST_DISTRIBUTED_ENV sets A to "{x}"',
  );
});

test('a hook is a module by its form, and everything else a command', () => {
  expect(['./a.js', '../a/b.mts', '/a b/c.cjs', 'C:\\a\\b.ts'].map(isModuleHook)).toEqual([true, true, true, true]);
  expect(['a.js', 'node ./a.js', './a.sh', './run --config ./a.js', 'createdb x'].map(isModuleHook)).toEqual([
    ...[false, false, false, false, false],
  ]);
  const folders = { workingDir: '/w', projectDir: '/p' };
  const configFile = { path: 'package.json', folder: '/f', values: { nodeSetup: './a.js', nodeTeardown: 'true' } };
  const options = resolveOptions({ flags: { 'worker-setup': './b.js' }, environment: {}, configFile, folders });
  expect([options.nodeSetup?.value, options.nodeTeardown?.value, options.workerSetup?.value]).toEqual([
    ...['/f/a.js', 'true', '/w/b.js'],
  ]);
});
