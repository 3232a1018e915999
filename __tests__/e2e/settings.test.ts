/** Wrong settings stop Jest before any test, with one message: fact, value, source, remedy. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newestHosts } from '../support/hosts';
import { type Project, removeProject, runBin, runJest, writeProject } from '../support/projects';

const FILES = {
  'package.json': '{ "name": "settings", "private": true }',
  'a.test.js': "test('a', () => { console.log('A STARTED'); });",
  'b.test.js': "test('b', () => { console.log('B STARTED'); });",
};

const OURS = ['--testSequencer=jest-distributed'];

const WRONG: readonly [title: string, environment: Record<string, string>, args: string[], parts: string[]][] = [
  [
    'node number 0',
    { JEST_DISTRIBUTED_NODES: '4', JEST_DISTRIBUTED_NODE_NUMBER: '0' },
    [],
    ['JEST_DISTRIBUTED_NODE_NUMBER', '0', 'JEST_DISTRIBUTED_NODE_INDEX'],
  ],
  [
    'node number 5 of 4',
    { JEST_DISTRIBUTED_NODES: '4', JEST_DISTRIBUTED_NODE_NUMBER: '5' },
    [],
    ['Node number 5 is out of range', '4 nodes', '1 to 4', 'JEST_DISTRIBUTED_NODE_NUMBER'],
  ],
  [
    'node number abc',
    { JEST_DISTRIBUTED_NODES: '4', JEST_DISTRIBUTED_NODE_NUMBER: 'abc' },
    [],
    ['abc', 'JEST_DISTRIBUTED_NODE_NUMBER'],
  ],
  ['total without number', { JEST_DISTRIBUTED_NODES: '4' }, [], ['4 nodes', 'JEST_DISTRIBUTED_NODES', 'NODE_NUMBER']],
  [
    'number without total',
    { JEST_DISTRIBUTED_NODE_NUMBER: '2' },
    [],
    ['JEST_DISTRIBUTED_NODE_NUMBER', 'number of nodes'],
  ],
  [
    'an unknown variable',
    { JEST_DISTRIBUTED_NODE_NUBMER: '2', JEST_DISTRIBUTED_NODES: '4' },
    [],
    ['JEST_DISTRIBUTED_NODE_NUBMER', 'JEST_DISTRIBUTED_NODE_NUMBER'],
  ],
  [
    'a conflict with --shard',
    { JEST_DISTRIBUTED_NODES: '4', JEST_DISTRIBUTED_NODE_NUMBER: '1' },
    ['--shard=2/4'],
    ['--shard', '2/4', 'JEST_DISTRIBUTED_NODE'],
  ],
  [
    'an empty value',
    { JEST_DISTRIBUTED_NODES: '', JEST_DISTRIBUTED_NODE_NUMBER: '1' },
    [],
    ['JEST_DISTRIBUTED_NODES', 'empty'],
  ],
  [
    'disabled neither true nor false',
    { JEST_DISTRIBUTED_DISABLED: 'maybe' },
    [],
    ['JEST_DISTRIBUTED_DISABLED', 'maybe'],
  ],
  [
    'both number and index',
    { JEST_DISTRIBUTED_NODES: '4', JEST_DISTRIBUTED_NODE_NUMBER: '1', JEST_DISTRIBUTED_NODE_INDEX: '0' },
    [],
    ['JEST_DISTRIBUTED_NODE_NUMBER', 'JEST_DISTRIBUTED_NODE_INDEX'],
  ],
];

describe.each(newestHosts())('on Jest $jest', (host) => {
  let project: Project;

  beforeAll(() => {
    project = writeProject(host, FILES);
  });

  afterAll(() => removeProject(project));

  test.each(WRONG)('%s', (_title, environment, args, parts) => {
    const { exitCode, stdout, stderr } = runJest(project, [...OURS, ...args], environment);
    expect(exitCode).toBe(1);
    expect(stdout + stderr).not.toContain('STARTED');
    for (const part of parts) expect(stderr).toContain(part);
    // One message, without frames of ours.
    expect(stderr.match(/jest-distributed:/g)).toHaveLength(1);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test.each(WRONG.filter(([title]) => title !== 'disabled neither true nor false'))(
    'DISABLED wins over %s',
    (_title, environment, args) => {
      const plain = args.length > 0 ? [] : args;
      const { exitCode, stderr } = runJest(project, [...OURS, ...plain], {
        ...environment,
        JEST_DISTRIBUTED_DISABLED: '1',
      });
      expect(stderr).toContain('Tests:       2 passed, 2 total');
      expect(stderr).toContain('disabled by JEST_DISTRIBUTED_DISABLED');
      expect(exitCode).toBe(0);
    },
  );

  test('DISABLED leaves --shard to Jest', () => {
    const { exitCode, stderr } = runJest(project, [...OURS, '--shard=1/2'], { JEST_DISTRIBUTED_DISABLED: '1' });
    expect(stderr).toContain('Tests:       1 passed, 1 total');
    expect(exitCode).toBe(0);
  });

  test.each([
    ['GitLab', { GITLAB_CI: 'true', CI: 'true', CI_NODE_INDEX: '1', CI_NODE_TOTAL: '2' }],
    ['Azure', { TF_BUILD: 'True', SYSTEM_JOBPOSITIONINPHASE: '1', SYSTEM_TOTALJOBSINPHASE: '2' }],
  ])("%s's variables alone run everything and say how to divide it", (_name, environment) => {
    const { exitCode, stderr } = runJest(project, OURS, environment as unknown as Record<string, string>);
    expect(stderr).toContain('Tests:       2 passed, 2 total');
    expect(stderr).toMatch(/JEST_DISTRIBUTED_NODES=auto|--nodes auto/);
    expect(exitCode).toBe(0);
  });

  test('the bin stops before Jest starts, too', () => {
    const { exitCode, stderr } = runBin(project, ['run', '--nodes', '4', '--node-number', '5']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('Node number 5 is out of range');
    expect(stderr).toContain('--node-number');
  });
});
