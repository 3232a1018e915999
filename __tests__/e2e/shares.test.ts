/**
 * For every example and both majors of Jest: the lists of all nodes are disjoint, and together they are what plain Jest
 * lists. Even nodes work in another checkout than odd ones. `npm run test:matrix` does it for every N from 1 to 16.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { hosts } from '../support/hosts';
import { cleanEnvironment, copyProject, type Project, removeProject, runJest } from '../support/projects';

const examples = readdirSync(path.join(__dirname, '..', '..', 'examples'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

const NODES =
  process.env.JDIST_TEST_MATRIX === '1' ? Array.from({ length: 16 }, (_, index) => index + 1) : [1, 2, 5, 16];

// Real Jest, but many runs in one process: 272 processes for every example and major would take a quarter of an hour.
const LISTER = `
const { runCLI } = require('jest');
const lines = [];
console.log = (text) => lines.push(text);
(async () => {
  const lists = {};
  for (const [nodes, node] of JSON.parse(process.argv[2])) {
    if (nodes > 0) {
      process.env.JEST_DISTRIBUTED_NODES = String(nodes);
      process.env.JEST_DISTRIBUTED_NODE_NUMBER = String(node);
    }
    lines.length = 0;
    const argv = { $0: 'jest', _: [], listTests: true, watchman: false };
    if (nodes > 0) argv.testSequencer = 'jest-distributed';
    await runCLI(argv, [process.cwd()]);
    lists[nodes + '/' + node] = lines.join('\\n').split('\\n').filter(Boolean);
  }
  process.stdout.write(JSON.stringify(lists));
})();
`;

type Lists = Record<string, string[]>;

function list(project: Project, runs: readonly (readonly [nodes: number, node: number])[]): Lists {
  const { stdout, stderr, status } = spawnSync(process.execPath, ['-e', LISTER, 'lister', JSON.stringify(runs)], {
    cwd: project.dir,
    env: cleanEnvironment(),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(stderr);
  const lists = JSON.parse(stdout) as Lists;
  const relative = (file: string) => path.relative(project.dir, file).split(path.sep).join('/');
  return Object.fromEntries(Object.entries(lists).map(([name, files]) => [name, files.map(relative)]));
}

describe.each(hosts())('on Jest $jest', (host) => {
  describe.each(examples)('examples/%s', (example) => {
    const projects: Project[] = [];

    afterAll(() => {
      for (const project of projects) removeProject(project);
    });

    test('every file is on exactly one node', () => {
      const [here, elsewhere] = [0, 1].map(() => copyProject(host, `examples/${example}`)) as [Project, Project];
      projects.push(here, elsewhere);
      const runs = NODES.flatMap((nodes) => Array.from({ length: nodes }, (_, index) => [nodes, index + 1] as const));
      const isHere = ([, node]: readonly [number, number]) => node % 2 === 1;
      const lists = {
        ...list(here, [[0, 0], ...runs.filter(isHere)]),
        ...list(
          elsewhere,
          runs.filter((run) => !isHere(run)),
        ),
      };
      const all = [...(lists['0/0'] as string[])].sort();
      expect(all.length).toBeGreaterThan(5);
      for (const nodes of NODES) {
        const shares = Array.from({ length: nodes }, (_, index) => lists[`${nodes}/${index + 1}`] as string[]);
        expect(shares.flat().sort()).toEqual(all);
      }
    });
  });

  // Of the command line only what the program above leaves out: one example is enough.
  test('the command line lists the same', () => {
    const projects = [0, 1].map(() => copyProject(host, 'examples/monorepo-projects')) as [Project, Project];
    try {
      const [here, elsewhere] = projects;
      const environment = (node: number) => ({
        JEST_DISTRIBUTED_NODES: '2',
        JEST_DISTRIBUTED_NODE_NUMBER: String(node),
      });
      const args = ['--testSequencer=jest-distributed', '--listTests', '--json'];
      const lists = [here, elsewhere].map((project, index) => {
        const { stdout } = runJest(project, args, environment(index + 1));
        return (JSON.parse(stdout) as string[]).map((file) => path.relative(project.dir, file));
      });
      const { stdout } = runJest(here, ['--listTests', '--json']);
      const all = (JSON.parse(stdout) as string[]).map((file) => path.relative(here.dir, file));
      expect(lists.flat().sort()).toEqual(all.sort());
    } finally {
      projects.forEach(removeProject);
    }
  });
});
