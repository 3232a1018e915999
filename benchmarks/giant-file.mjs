/**
 * One file that takes most of a suite's time, split over nodes and over workers; and what selecting tests costs.
 *
 *   npm run build && node benchmarks/giant-file.mjs [--rounds 5] [--jest 30 | 29] [--only nodes,workers,files,tests]
 *
 * - nodes: examples/giant-file over 4 nodes, one after the other so that they share no cores. The fair share is a
 *   quarter of what the four shards of `jest --shard` take together: all of the work, once, and a start of Jest each.
 * - workers: the same on one node with 2 workers, beside stock Jest.
 * - files: 500 small files of which none is split, with and without the selecting test runner in place; CPU time.
 * - tests: one file of 10,000 empty tests, all of them this node's, with and without selection; CPU time a test.
 *
 * Rivals take turns; ratios and differences are those of one round, but a node counts with its fastest round. Exit code 1 where a promise is missed.
 */
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import store from '../dist/timings/timings-format.js';
import { prepareHost } from './inside-jest/hosts.mjs';
import { measurePassing } from './inside-jest/measured-process.mjs';
import {
  compare,
  difference,
  inSeconds,
  inTurns,
  judge,
  median,
  ratio,
  table,
  withInterval,
} from './inside-jest/paired.mjs';
import { writeProject } from './inside-jest/projects.mjs';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    jest: { type: 'string', default: '30' },
    only: { type: 'string', default: 'nodes,workers,files,tests' },
  },
});
const rounds = Number(options.rounds);
const host = prepareHost(Number(options.jest));
const asked = options.only.split(',');
const sequencer = '--testSequencer=jest-distributed';
const twoDigits = (value) => value.toFixed(2);

function copyExample() {
  const dir = path.join(host.dir, 'projects', 'giant-file');
  rmSync(dir, { recursive: true, force: true });
  cpSync(path.join(import.meta.dirname, '..', 'examples', 'giant-file'), dir, {
    recursive: true,
    filter: (source) => !['node_modules', '.jest-distributed'].includes(path.basename(source)),
  });
  return dir;
}

/** What people do: a run, and its report imported; three times, because the first one fills Jest's caches. */
async function recordTimings(dir) {
  for (let run = 0; run < 3; run++) {
    await measurePassing(dir, [host.jestBin, '--maxWorkers=1', '--json', '--outputFile=report.json']);
    if (run === 0) continue;
    await measurePassing(dir, [host.ourBin, 'timings', 'import', 'report.json', '--timings', 'timings.json']);
  }
}

/** A store of timings, written by hand. */
function writeTimings(dir, files) {
  const entries = files.map(({ file, ms, tests }) => [
    file,
    {
      project: null,
      path: file,
      durationMs: ms,
      tests: new Map(tests),
      testCount: tests.length,
      nodes: {},
      parts: new Map(),
    },
  ]);
  const text = store.serializeTimings({ workers: null, assignments: [], files: new Map(entries) });
  writeFileSync(path.join(dir, 'timings.json'), text);
}

const told = (what) => (round) => process.stderr.write(`${what}: round ${round} of ${rounds}\n`);

async function measureNodes(dir) {
  const count = 4;
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  const runAll = async (argsOf, environmentOf = () => ({})) => {
    const times = [];
    for (const number of numbers) {
      const args = [host.jestBin, '--maxWorkers=1', '--silent', ...argsOf(number)];
      times.push((await measurePassing(dir, args, environmentOf(number))).wallMs);
    }
    return times;
  };
  const asNode = (hashBy) => (number) => ({
    JEST_DISTRIBUTED_NODES: String(count),
    JEST_DISTRIBUTED_NODE_NUMBER: String(number),
    JEST_DISTRIBUTED_HASH_BY: hashBy,
    JEST_DISTRIBUTED_TIMINGS: 'timings.json',
  });
  const rivals = {
    'jest --shard': () => runAll((number) => [`--shard=${number}/${count}`, '--passWithNoTests']),
    'hash-by file': () => runAll(() => [sequencer], asNode('file')),
    'hash-by auto': () => runAll(() => [sequencer], asNode('auto')),
  };
  for (const rival of Object.values(rivals)) await rival();
  const results = await inTurns(rivals, rounds, told('nodes'));
  // Noise of a machine only adds to a wall time, so a node counts with its fastest round.
  const fastest = (times) => numbers.map((_, index) => Math.min(...times.map((all) => all[index])));
  const fair = fastest(results['jest --shard']).reduce((sum, time) => sum + time, 0) / count;
  const rows = [['4 nodes, 1 worker', 'slowest node', 'slowest / fair share', 'nodes']];
  for (const [name, times] of Object.entries(results)) {
    const nodes = fastest(times);
    const slowest = Math.max(...nodes);
    rows.push([name, inSeconds(slowest), twoDigits(slowest / fair), nodes.map((time) => inSeconds(time)).join(' ')]);
    if (name === 'hash-by auto') verdicts.push(['slowest node / fair share, auto', slowest / fair, 1.1, twoDigits]);
  }
  print(rows, `fair share ${inSeconds(fair)}`);
}

async function measureWorkers(dir) {
  const run = (args, environment) =>
    measurePassing(dir, [host.jestBin, '--ci', '--maxWorkers=2', '--silent', ...args], environment);
  const settings = { JEST_DISTRIBUTED_TIMINGS: 'timings.json', JEST_DISTRIBUTED_WORKERS: '2' };
  const rivals = {
    'stock Jest': () => run([], {}),
    'hash-by auto': () => run([sequencer], { ...settings, JEST_DISTRIBUTED_HASH_BY: 'auto' }),
    'hash-by auto, --no-split-local': () =>
      run([sequencer], { ...settings, JEST_DISTRIBUTED_HASH_BY: 'auto', JEST_DISTRIBUTED_SPLIT_LOCAL: '0' }),
  };
  for (const rival of Object.values(rivals)) await rival();
  const results = await inTurns(rivals, rounds, told('workers'));
  const walls = (name) => results[name].map(({ wallMs }) => wallMs);
  const rows = [['1 node, 2 workers', 'wall', 'wall / stock']];
  for (const name of Object.keys(results)) {
    rows.push([
      name,
      inSeconds(median(walls(name))),
      withInterval(compare(walls(name), walls('stock Jest'), ratio), twoDigits),
    ]);
  }
  print(rows);
}

const smallFile = `describe('a', () => {
  test('one', () => expect(1 + 1).toBe(2));
  test('two', () => expect(1 + 2).toBe(3));
});
`;

const manifest = (name) => JSON.stringify({ name, private: true, jest: { cacheDirectory: '<rootDir>/.cache' } });

async function measureFiles() {
  const names = Array.from({ length: 500 }, (_, index) => `tests/f${String(index).padStart(3, '0')}.test.js`);
  const dir = writeProject(host, 'many-files', {
    ...Object.fromEntries(names.map((name) => [name, smallFile])),
    'package.json': manifest('many-files'),
  });
  writeTimings(
    dir,
    names.map((file) => ({
      file,
      ms: 40,
      tests: [
        ['a one', 1],
        ['a two', 1],
      ],
    })),
  );
  const run = (hashBy) =>
    measurePassing(dir, [host.jestBin, '--ci', '--maxWorkers=2', '--silent', sequencer], {
      JEST_DISTRIBUTED_TIMINGS: 'timings.json',
      JEST_DISTRIBUTED_HASH_BY: hashBy,
    });
  const rivals = { 'hash-by file': () => run('file'), 'hash-by auto, none split': () => run('auto') };
  for (const rival of Object.values(rivals)) await rival();
  const results = await inTurns(rivals, rounds, told('files'));
  const cpu = (name) => results[name].map(({ cpuMs }) => cpuMs);
  const compared = compare(cpu('hash-by auto, none split'), cpu('hash-by file'), ratio);
  const rows = [['500 files, 2 workers', 'CPU', 'CPU / file']];
  for (const name of Object.keys(results)) {
    rows.push([
      name,
      inSeconds(median(cpu(name))),
      withInterval(compare(cpu(name), cpu('hash-by file'), ratio), (value) => value.toFixed(3)),
    ]);
  }
  print(rows);
  verdicts.push(['CPU ratio with nothing split', compared.median, 1.01, (value) => value.toFixed(3)]);
}

async function measureTests() {
  const count = 10_000;
  const dir = writeProject(host, 'many-tests', {
    'many.test.js': `describe('a', () => { for (let i = 0; i < ${count}; i++) test('test number ' + i, () => {}); });\n`,
    'package.json': manifest('many-tests'),
  });
  writeTimings(dir, [
    { file: 'many.test.js', ms: 20_000, tests: Array.from({ length: count }, (_, i) => [`a test number ${i}`, 2]) },
  ]);
  // Planned for 2 workers, so that the file has parts, and run by one, so that all of them are run at once.
  const run = (hashBy) =>
    measurePassing(dir, [host.jestBin, '--ci', '--runInBand', '--silent', sequencer], {
      JEST_DISTRIBUTED_TIMINGS: 'timings.json',
      JEST_DISTRIBUTED_WORKERS: '2',
      JEST_DISTRIBUTED_HASH_BY: hashBy,
    });
  const rivals = { whole: () => run('file'), selected: () => run('auto') };
  for (const rival of Object.values(rivals)) await rival();
  const results = await inTurns(rivals, rounds, told('tests'));
  const cpu = (name) => results[name].map(({ cpuMs }) => (cpuMs * 1000) / count);
  const inUs = (value) => `${value.toFixed(1)} µs`;
  const compared = compare(cpu('selected'), cpu('whole'), difference);
  print([
    ['10,000 tests of one file', 'CPU a test', 'more'],
    ['whole', inUs(median(cpu('whole'))), ''],
    ['selected', inUs(median(cpu('selected'))), withInterval(compared, inUs)],
  ]);
  verdicts.push(['selection, CPU a test', compared.median, 20, inUs]);
}

const verdicts = [];
function print(rows, note) {
  console.log(`${table(rows)}\n${note === undefined ? '' : `${note}\n`}`);
}

console.log(
  `Jest ${host.jest}, Node ${process.versions.node}, ${rounds} rounds, load of the machine ${loadavg()[1].toFixed(1)}`,
);
console.log('medians; ratios and differences: median of pairs [95 % interval]\n');
if (asked.includes('nodes') || asked.includes('workers')) {
  const dir = copyExample();
  await recordTimings(dir);
  if (asked.includes('nodes')) await measureNodes(dir);
  if (asked.includes('workers')) await measureWorkers(dir);
}
if (asked.includes('files')) await measureFiles();
if (asked.includes('tests')) await measureTests();
for (const [what, value, most, format] of verdicts) judge(what, value, most, format);
