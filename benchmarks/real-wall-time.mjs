/**
 * Wall time of the slowest of four nodes against the slowest of four shards: examples/timings, really run.
 *
 *   npm run build && node benchmarks/real-wall-time.mjs [--rounds 3] [--jest 30 | 29 | both] [--workers 1]
 *
 * Nodes run one after the other, so that they do not share cores, each as a CI job would start it: a process of Jest's
 * own bin with this package's sequencer, and stock Jest with `--shard`. What a machine's noise adds to a wall time is never
 * negative, so a node or shard counts with its fastest round; the paired ratio of each round is printed beside. Timings come from one `run --local` before
 * (bounded ring), and from a second (sticky), as the README tells people to do. Exit code 1 where the slowest node is
 * not faster than the slowest shard.
 */
import { cpSync, rmSync } from 'node:fs';
import { loadavg } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { JEST_VERSIONS, prepareHost } from './inside-jest/hosts.mjs';
import { measurePassing } from './inside-jest/measured-process.mjs';
import { compare, inSeconds, inTurns, judge, ratio, table, withInterval } from './inside-jest/paired.mjs';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    jest: { type: 'string', default: 'both' },
    workers: { type: 'string', default: '1' },
  },
});
const rounds = Number(options.rounds);
const nodes = 4;
const timingsPath = path.join('.jest-distributed', 'timings.json');
const workers = ['--maxWorkers', options.workers];
const numbers = Array.from({ length: nodes }, (_, index) => index + 1);

/** The example, with the timings that so many runs over all nodes on this machine recorded. */
async function exampleAfterRuns(host, runs) {
  const dir = path.join(host.dir, 'projects', `timings-${runs}`);
  rmSync(dir, { recursive: true, force: true });
  const example = path.join(import.meta.dirname, '..', 'examples', 'timings');
  cpSync(example, dir, {
    recursive: true,
    filter: (source) => !['node_modules', '.jest-distributed'].includes(path.basename(source)),
  });
  const run = ['run', '--local', '--sequential', '--nodes', String(nodes)];
  for (let done = 0; done < runs; done++) await measurePassing(dir, [host.ourBin, ...run, '--', ...workers]);
  return dir;
}

/** Wall time of every node, one after the other, and how many test files they ran together. */
async function runAll(argsOf, dir, environmentOf = () => ({})) {
  const times = [];
  let files = 0;
  for (const number of numbers) {
    const { wallMs, stderr } = await measurePassing(dir, argsOf(number), environmentOf(number));
    times.push(wallMs);
    files += Number(/Test Suites: .*?(\d+) total/.exec(stderr)?.[1] ?? 0);
  }
  return { times, files };
}

const asNode = (number) => ({
  JEST_DISTRIBUTED_NODES: String(nodes),
  JEST_DISTRIBUTED_NODE_NUMBER: String(number),
  JEST_DISTRIBUTED_TIMINGS: timingsPath,
});

async function measureMajor(major) {
  const host = prepareHost(major);
  const once = await exampleAfterRuns(host, 1);
  const twice = await exampleAfterRuns(host, 2);
  const jest = (...args) => [host.jestBin, ...workers, ...args];
  const ours = () => jest('--testSequencer=jest-distributed');
  // Fills Jest's caches of both folders.
  for (const dir of [once, twice]) await measurePassing(dir, jest());
  const results = await inTurns(
    {
      'jest --shard': () => runAll((number) => jest(`--shard=${number}/${nodes}`), once),
      'after 1 run (bounded ring)': () => runAll(ours, once, asNode),
      'after 2 runs (sticky)': () => runAll(ours, twice, asNode),
    },
    rounds,
    (round) => process.stderr.write(`Jest ${host.jest}: round ${round} of ${rounds}\n`),
  );
  const counts = new Set(Object.values(results).flatMap((all) => all.map(({ files }) => files)));
  if (counts.size !== 1) throw new Error(`Not the same number of files everywhere: ${[...counts].join(', ')}.`);
  return { host, results, files: [...counts][0] };
}

const majors = options.jest === 'both' ? [30, 29] : [Number(options.jest)];
if (majors.some((major) => JEST_VERSIONS[major] === undefined)) throw new Error('--jest is 29, 30 or both');

const rows = [
  ['Jest', 'slowest', 'nodes (fastest round of each)', 'slowest / mean', 'of --shard', 'of --shard in one round'],
];
const verdicts = [];
let fileCount = 0;
for (const major of majors) {
  const { host, results, files } = await measureMajor(major);
  fileCount = files;
  const fastest = (name) => numbers.map((_, index) => Math.min(...results[name].map(({ times }) => times[index])));
  const slowest = (name) => Math.max(...fastest(name));
  const inRounds = (name) => results[name].map(({ times }) => Math.max(...times));
  for (const name of Object.keys(results)) {
    const perNode = fastest(name);
    const mean = perNode.reduce((sum, time) => sum + time) / nodes;
    const gain = slowest(name) / slowest('jest --shard');
    const paired = compare(inRounds(name), inRounds('jest --shard'), ratio);
    rows.push([
      `${host.jest}, ${name}`,
      inSeconds(slowest(name)),
      perNode.map((time) => (time / 1000).toFixed(2)).join('  '),
      (slowest(name) / mean).toFixed(3),
      ...(name === 'jest --shard' ? ['-', '-'] : [gain.toFixed(3), withInterval(paired, (value) => value.toFixed(3))]),
    ]);
    if (name !== 'jest --shard') verdicts.push([`${host.jest}, ${name}: slowest node / slowest shard`, gain]);
  }
}

console.log(
  `examples/timings: ${fileCount} files over ${nodes} nodes, ${options.workers} worker(s) each, ${rounds} rounds, Node ${process.versions.node}, load of the machine ${loadavg()[1].toFixed(1)}`,
);
console.log(
  'wall time of whole processes; last column: median of the rounds [interval, or least and most of 5 or fewer]\n',
);
console.log(`${table(rows)}\n`);
for (const [what, value] of verdicts) judge(what, value, 1, (number) => number.toFixed(3));
