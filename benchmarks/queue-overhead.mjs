/**
 * What a full run of 500 small files costs when one node pulls them from a queue, against stock Jest.
 *
 *   npm run build && node benchmarks/queue-overhead.mjs [--rounds 7] [--jest 30 | 29 | both] [--files 500]
 *     [--workers 2] [--wait-ms 0]
 *
 * Each file waits --wait-ms in one of its tests. CPU time (user + system) is that of the node's whole process tree; the
 * database server is another machine's in real life, and is not counted, but it shares this machine's cores. Rivals
 * take turns; the ratio is that of one round. Exit code 1 where a median ratio of CPU or wall time is above 1.03.
 */
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { loadavg } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { JEST_VERSIONS, prepareHost } from './inside-jest/hosts.mjs';
import { measurePassing } from './inside-jest/measured-process.mjs';
import { compare, inSeconds, inTurns, judge, median, ratio, table, withInterval } from './inside-jest/paired.mjs';
import { commitAll, writeProject } from './inside-jest/projects.mjs';

const require = createRequire(import.meta.url);
require('esbuild-register/dist/node').register();
const { startPostgres } = require('../__tests__/support/postgres.ts');

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    jest: { type: 'string', default: '30' },
    files: { type: 'string', default: '500' },
    workers: { type: 'string', default: '2' },
    'wait-ms': { type: 'string', default: '0' },
  },
});
const rounds = Number(options.rounds);
const fileCount = Number(options.files);
const promised = 1.03;

const waitMs = Number(options['wait-ms']);
const wait = waitMs > 0 ? `\n  test('of a wait', () => new Promise((resolve) => setTimeout(resolve, ${waitMs})));` : '';
const testFile = `const { sum } = require('../../sum');
describe('sum', () => {
  test('of nothing', () => expect(sum([])).toBe(0));
  test('of one', () => expect(sum([4])).toBe(4));
  test('of many', () => expect(sum(Array.from({ length: 1000 }, (_, index) => index))).toBe(499500));${wait}
});
`;

function writeSuite(host) {
  const names = Array.from(
    { length: fileCount },
    (_, index) => `tests/src/part-${index % 20}/feature-${String(index).padStart(5, '0')}.test.js`,
  );
  const dir = writeProject(host, 'queue-overhead', {
    ...Object.fromEntries(names.map((name) => [name, testFile])),
    'tests/sum.js': 'exports.sum = (numbers) => numbers.reduce((all, number) => all + number, 0);\n',
    'package.json': JSON.stringify({
      name: 'queue-overhead',
      private: true,
      jest: { testEnvironment: 'node', cacheDirectory: '<rootDir>/.cache' },
    }),
    '.gitignore': '.cache\n.jest-distributed\ndrivers\n',
  });
  commitAll(dir);
  // Where `pg` is found; a project has it among its own packages.
  mkdirSync(path.join(dir, 'drivers'));
  symlinkSync(path.dirname(require.resolve('pg/package.json')), path.join(dir, 'drivers', 'pg'), 'dir');
  return dir;
}

let builds = 0;

async function run(dir, args, environment) {
  const measured = await measurePassing(dir, [...args, '--maxWorkers', options.workers], environment);
  const files = Number(/Test Suites: .*?(\d+) total/.exec(measured.stderr)?.[1]);
  if (files !== fileCount) throw new Error(`${files} files ran, not ${fileCount}:\n${measured.stderr.slice(-2000)}`);
  return measured;
}

function queueEnvironment(dir, url) {
  builds += 1;
  return {
    JEST_DISTRIBUTED_DATABASE_URL: url,
    JEST_DISTRIBUTED_RUN_ID: `round-${builds}`,
    NODE_PATH: path.join(dir, 'drivers'),
  };
}

async function measureMajor(major, url) {
  const host = prepareHost(major);
  const dir = writeSuite(host);
  const sequencer = '--testSequencer=jest-distributed';
  const reporters = ['--reporters=default', '--reporters=jest-distributed/reporter'];
  const rivals = {
    jest: () => run(dir, [host.jestBin], {}),
    queue: () => run(dir, [host.jestBin, sequencer, ...reporters], queueEnvironment(dir, url)),
  };
  // Fills Jest's caches and the database's history.
  for (const rival of Object.values(rivals)) await rival();
  const results = await inTurns(rivals, rounds, (round) =>
    process.stderr.write(`Jest ${host.jest}: round ${round} of ${rounds}\n`),
  );
  rmSync(dir, { recursive: true, force: true });
  return { host, results };
}

const majors = options.jest === 'both' ? [30, 29] : [Number(options.jest)];
if (majors.some((major) => JEST_VERSIONS[major] === undefined)) throw new Error('--jest is 29, 30 or both');

const server = await startPostgres();
const rows = [['Jest', 'CPU', 'wall', 'CPU / stock', 'wall / stock', 'CPU noise of stock']];
const verdicts = [];
try {
  for (const major of majors) {
    const { host, results } = await measureMajor(major, server.url);
    const cpu = (name) => results[name].map(({ cpuMs }) => cpuMs);
    const stock = cpu('jest');
    // Stock Jest against itself in the round before: what a ratio of 1 looks like on this machine.
    const itself = compare(stock.slice(1), stock.slice(0, -1), ratio);
    const compared = compare(cpu('queue'), stock, ratio);
    const wallRatio = compare(
      results.queue.map(({ wallMs }) => wallMs),
      results.jest.map(({ wallMs }) => wallMs),
      ratio,
    );
    const show = (value) => value.toFixed(3);
    const wall = (name) => inSeconds(median(results[name].map(({ wallMs }) => wallMs)));
    rows.push([`${host.jest}, stock`, inSeconds(median(stock)), wall('jest'), '-', '-', withInterval(itself, show)]);
    rows.push([
      `${host.jest}, queue`,
      inSeconds(median(cpu('queue'))),
      wall('queue'),
      withInterval(compared, show),
      withInterval(wallRatio, show),
      '',
    ]);
    verdicts.push([`${host.jest}: CPU ratio`, compared.median], [`${host.jest}: wall ratio`, wallRatio.median]);
  }
} finally {
  await server.close();
}

console.log(
  `${fileCount} files that wait ${waitMs} ms on one node, ${options.workers} workers, ${rounds} rounds, Node ${process.versions.node}, load of the machine ${loadavg()[1].toFixed(1)}`,
);
console.log('CPU time of the process tree; ratio: median of paired ratios [95 % interval]\n');
console.log(`${table(rows)}\n`);
for (const [what, value] of verdicts) judge(what, value, promised, (number) => number.toFixed(3));
