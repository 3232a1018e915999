/**
 * What a full run of 500 small files costs through this package, against the same Jest with `--shard`.
 *
 *   npm run build && node benchmarks/jest-overhead.mjs [--rounds 7] [--jest 30 | 29 | both] [--files 500]
 *
 * Node 1 of 4 runs exactly as many files as shard 1 of 4, and all files do the same work, so the two runs differ in
 * nothing but this package. CPU time (user + system) of the whole process tree; rivals take turns; the ratio is that of
 * one round. Exit code 1 where the median ratio is above 1.02.
 */
import { renameSync, rmSync } from 'node:fs';
import { loadavg } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { JEST_VERSIONS, prepareHost } from './inside-jest/hosts.mjs';
import { measurePassing } from './inside-jest/measured-process.mjs';
import { compare, inSeconds, inTurns, judge, median, ratio, table, withInterval } from './inside-jest/paired.mjs';
import { commitAll, writeProject } from './inside-jest/projects.mjs';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    jest: { type: 'string', default: 'both' },
    files: { type: 'string', default: '500' },
    workers: { type: 'string', default: '2' },
  },
});
const rounds = Number(options.rounds);
const perNode = Number(options.files);
const nodes = 4;
const promised = 1.02;

const testFile = `const { sum } = require('../../sum');
describe('sum', () => {
  test('of nothing', () => expect(sum([])).toBe(0));
  test('of one', () => expect(sum([4])).toBe(4));
  test('of many', () => expect(sum(Array.from({ length: 1000 }, (_, index) => index))).toBe(499500));
});
`;

function writeSuite(host) {
  const names = Array.from(
    { length: perNode * nodes },
    (_, index) => `src/part-${index % 20}/feature-${String(index).padStart(5, '0')}.test.js`,
  );
  const dir = writeProject(host, 'overhead', {
    ...Object.fromEntries(names.map((name) => [`tests/${name}`, testFile])),
    'tests/sum.js': 'exports.sum = (numbers) => numbers.reduce((all, number) => all + number, 0);\n',
    'package.json': JSON.stringify({
      name: 'overhead',
      private: true,
      jest: { testEnvironment: 'node', cacheDirectory: '<rootDir>/.cache' },
    }),
    '.gitignore': '.cache\n.jest-distributed\n',
  });
  return dir;
}

const identity = { JEST_DISTRIBUTED_NODES: String(nodes), JEST_DISTRIBUTED_NODE_NUMBER: '1' };
const sequencer = '--testSequencer=jest-distributed';

/** The ring deals nearly, not exactly, equal shares: other folder names, until node 1 has as many as a shard. */
async function evenSuite(host) {
  const dir = writeSuite(host);
  let folder = 'tests';
  for (let attempt = 0; attempt < 40; attempt++) {
    commitAll(dir);
    const { stdout } = await measurePassing(dir, [host.jestBin, '--listTests', sequencer], identity);
    if (stdout.trim().split('\n').length === perNode) return dir;
    renameSync(path.join(dir, folder), path.join(dir, `tests-${attempt}`));
    folder = `tests-${attempt}`;
    rmSync(path.join(dir, '.git'), { recursive: true });
  }
  throw new Error(`No names found for which node 1 of ${nodes} gets ${perNode} files.`);
}

async function run(host, dir, args, environment) {
  const measured = await measurePassing(dir, [host.jestBin, '--maxWorkers', options.workers, ...args], environment);
  const files = Number(/Test Suites: .*?(\d+) total/.exec(measured.stderr)?.[1]);
  if (files !== perNode) throw new Error(`${files} files ran, not ${perNode}:\n${measured.stderr.slice(-2000)}`);
  return measured;
}

async function measureMajor(major) {
  const host = prepareHost(major);
  const dir = await evenSuite(host);
  const rivals = {
    'jest --shard': () => run(host, dir, [`--shard=1/${nodes}`]),
    sequencer: () => run(host, dir, [sequencer], identity),
    'sequencer and reporter': () =>
      run(host, dir, [sequencer, '--reporters=default', '--reporters=jest-distributed/reporter'], identity),
  };
  // Fills Jest's caches of transformed files, for node and shard, and of durations.
  for (const rival of Object.values(rivals)) await rival();
  const results = await inTurns(rivals, rounds, (round) =>
    process.stderr.write(`Jest ${host.jest}: round ${round} of ${rounds}\n`),
  );
  rmSync(dir, { recursive: true, force: true });
  return { host, results };
}

const majors = options.jest === 'both' ? [30, 29] : [Number(options.jest)];
if (majors.some((major) => JEST_VERSIONS[major] === undefined)) throw new Error('--jest is 29, 30 or both');

const rows = [['Jest', 'CPU', 'wall', 'CPU / --shard', 'stock noise']];
const verdicts = [];
for (const major of majors) {
  const { host, results } = await measureMajor(major);
  const cpu = (name) => results[name].map(({ cpuMs }) => cpuMs);
  const stock = cpu('jest --shard');
  // Stock Jest against itself in the round before: what a ratio of 1 looks like on this machine.
  const itself = compare(stock.slice(1), stock.slice(0, -1), ratio);
  for (const name of Object.keys(results)) {
    const compared = compare(cpu(name), stock, ratio);
    const isStock = name === 'jest --shard';
    rows.push([
      `${host.jest}, ${name}`,
      inSeconds(median(cpu(name))),
      inSeconds(median(results[name].map(({ wallMs }) => wallMs))),
      isStock ? '-' : withInterval(compared, (value) => value.toFixed(3)),
      isStock ? withInterval(itself, (value) => value.toFixed(3)) : '',
    ]);
    if (!isStock) verdicts.push([`${host.jest}, ${name}: CPU ratio`, compared.median]);
  }
}

console.log(
  `${perNode} small files: node 1 of ${nodes} against shard 1 of ${nodes}, ${options.workers} workers, ${rounds} rounds, Node ${process.versions.node}, load of the machine ${loadavg()[1].toFixed(1)}`,
);
console.log('CPU time of the process tree; ratio: median of paired ratios [95 % interval]\n');
console.log(`${table(rows)}\n`);
for (const [what, value] of verdicts) judge(what, value, promised, (number) => number.toFixed(3));
