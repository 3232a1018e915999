/**
 * How long a plan takes, hashing included, beside npm `hashring` on the same keys.
 *
 *   npm run build && node benchmarks/plan-speed.mjs
 *
 * `hashring` only looks keys up on its ring, which is what our `ring` strategy does; `bounded ring` balances as well.
 * A node plans once, so what counts is the first run in a process that has planned nothing yet: the best of three
 * processes, because whatever else the machine does only adds. Beside it the CPU time of that run (compiler threads
 * included) and the median of later runs. Exit code 1 where a first run misses what is promised by both: CPU time is at
 * least the wall time of an idle machine, and says what a busy one would have taken.
 */
import { spawnSync } from 'node:child_process';
import HashRing from 'hashring';
import named from '../dist/plan/strategies/strategies.js';

const cases = [
  { items: 10_000, nodes: 20 },
  { items: 100_000, nodes: 200, promisedMs: 500 },
];
const processes = 3;
const laterRuns = 3;

/** Keys and estimates, lognormal with sigma 1.5, the same on every run. */
function makeInput({ items, nodes }) {
  let state = 1;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const keys = [];
  const estimates = [];
  for (let index = 0; index < items; index++) {
    keys.push(`packages/p${index % 40}/src/__tests__/f${index}_${(index * 7919) % 1_000_000}.test.ts`);
    estimates.push(Math.max(1, Math.round(200 * Math.exp(1.5 * normal()))));
  }
  return { keys, estimates, nodes, workers: 1 };
}

const { strategies } = named;
const contenders = {
  'npm hashring': ({ keys, nodes }) => {
    const names = Array.from({ length: nodes }, (_, index) => String(index + 1));
    // Its cache of answers would make a second run look like a Map.
    const ring = new HashRing(names, 'md5', { 'max cache size': 1 });
    for (const key of keys) ring.get(key);
  },
  ring: (input) => strategies.ring(input),
  'bounded ring': (input) => strategies['bounded-ring'](input),
};

function time(work) {
  const start = performance.now();
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return { wallMs: performance.now() - start, cpuMs: (user + system) / 1000 };
}

/** One contender, one case, one process. */
function runOnce(name, at) {
  const input = makeInput(cases[at]);
  const first = time(() => contenders[name](input));
  const later = Array.from({ length: laterRuns }, () => time(() => contenders[name](input)).wallMs);
  return { ...first, laterMs: later.sort((one, other) => one - other)[laterRuns >> 1] };
}

function runInProcesses(name, at) {
  const runs = Array.from({ length: processes }, () => {
    const { stdout, status, stderr } = spawnSync(process.execPath, [import.meta.filename, name, String(at)], {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`${name} failed: ${stderr}`);
    return JSON.parse(stdout);
  });
  return runs.sort((one, other) => one.wallMs - other.wallMs)[0];
}

const [name, at] = process.argv.slice(2);
if (name !== undefined) console.log(JSON.stringify(runOnce(name, at)));
else {
  const rows = [['items', 'nodes', 'contender', 'first run', 'CPU', 'later', 'items/s', 'promised']];
  for (const [index, { items, nodes, promisedMs }] of cases.entries()) {
    for (const contender of Object.keys(contenders)) {
      const { wallMs, cpuMs, laterMs } = runInProcesses(contender, index);
      const promised = contender === 'bounded ring' ? promisedMs : undefined;
      const missed = promised !== undefined && Math.min(wallMs, cpuMs) > promised;
      if (missed) process.exitCode = 1;
      rows.push([
        items.toLocaleString('en'),
        nodes.toLocaleString('en'),
        contender,
        ...[wallMs, cpuMs, laterMs].map((ms) => `${ms.toFixed(0)} ms`),
        Math.round((items / wallMs) * 1000).toLocaleString('en'),
        promised === undefined ? '' : `${promised} ms: ${missed ? 'MISSED' : 'kept'}`,
      ]);
    }
  }
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  for (const row of rows) console.log(row.map((cell, column) => cell.padStart(widths[column])).join('  '));
}
