/**
 * How evenly each strategy plans, and how many items it moves when the suite changes: one table.
 *
 *   npm run build && node benchmarks/balance.mjs [--recorded] [--quick]
 *
 * benchmarks/data holds suites as Jest ran them, twice each: a line for each test file with its project and the
 * milliseconds of both runs. --recorded leaves out the synthetic ones. Exit code 1 where a bounded strategy misses what
 * it promises.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import plan from '../dist/plan/item.js';
import jest from '../dist/plan/jest-shard.js';
import measuring from '../dist/plan/makespan.js';
import lpt from '../dist/plan/strategies/lpt.js';
import named from '../dist/plan/strategies/strategies.js';

const { values: options } = parseArgs({
  options: {
    recorded: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    workers: { type: 'string', default: '1' },
  },
});
const data = path.join(import.meta.dirname, 'data');
const workers = Number(options.workers);
const nodeCounts = options.quick ? [2, 4, 8, 16, 32] : Array.from({ length: 31 }, (_, index) => index + 2);

/** Numbers from 0 to 1, the same on every machine (mulberry32). */
function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const positive = (value) => Math.max(1, Math.round(value));

// Spread as in real suites: a lognormal of sigma 1.5, and a Pareto tail of 1.5 that has one file of minutes.
const durations = {
  lognormal: (random) =>
    200 * Math.exp(1.5 * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())),
  pareto: (random) => 100 * (1 - random()) ** (-1 / 1.5),
};

function synthetic(kind, count, seed) {
  const random = randomFrom(seed * 7919 + count);
  const draw = (index) => ({
    key: `packages/p${Math.floor(random() * 40)}/src/__tests__/f${index}_${Math.floor(random() * 1e6)}.test.ts`,
    estimate: positive(durations[kind](random)),
  });
  const items = Array.from({ length: count }, (_, index) => draw(index));
  return { name: `${kind} ${count}`, items, draw };
}

function real(name) {
  const [, ...lines] = readFileSync(path.join(data, `${name}.tsv`), 'utf8')
    .trimEnd()
    .split('\n');
  const read = (run) =>
    lines.map((line) => {
      const [file, project, ...runs] = line.split('\t');
      return { key: plan.fileKey({ project: project || null, path: file }), estimate: positive(Number(runs[run])) };
    });
  const items = read(0);
  const random = randomFrom(items.length);
  const draw = (index) => ({
    key: `src/added/f${index}_${Math.floor(random() * 1e6)}.test.ts`,
    estimate: items[Math.floor(random() * items.length)].estimate,
  });
  return { name, items, draw, later: new Map(read(1).map(({ key, estimate }) => [key, estimate])) };
}

const toInput = (items, nodes) => ({
  keys: items.map(({ key }) => key),
  estimates: items.map(({ estimate }) => estimate),
  nodes,
  workers,
});
const asMap = (items, { nodeOf }) => new Map(items.map(({ key }, index) => [key, nodeOf[index]]));
const { strategies } = named;

/** A strategy that is asked again with what it answered before: only sticky listens. */
const contenders = {
  'jest --shard': { assign: (input) => jest.jestShard(input) },
  'plain ring': { assign: (input) => strategies.ring(input) },
  'longest first': { assign: (input) => lpt.longestFirst(input) },
  'bounded ring': { assign: (input) => strategies['bounded-ring'](input) },
  sticky: {
    // Without an assignment for this number of nodes, people get the bounded ring.
    assign: (input, previous) =>
      previous ? strategies.sticky({ ...input, previous }) : strategies['bounded-ring'](input),
    settles: true,
  },
};

const makespanOf = (items, nodes, { nodeOf }) => measuring.measure({ ...toInput(items, nodes), nodeOf }).makespan;

function movedShare(items, before, after) {
  const moved = items.filter(({ key }, index) => before.has(key) && before.get(key) !== after.nodeOf[index]).length;
  return moved / before.size;
}

function run(suite, nodes, { assign, settles }, record) {
  const { items, draw, later } = suite;
  const input = toInput(items, nodes);
  let base = assign(input);
  if (settles) base = assign(input, asMap(items, base));
  const before = asMap(items, base);
  const random = randomFrom(nodes * 31 + items.length);
  // The timings carry assignments by number of nodes, so for another number there is none.
  const change = (name, changed, count = nodes) =>
    record(name, movedShare(changed, before, assign(toInput(changed, count), count === nodes ? before : undefined)));
  const add = (count, from) => [
    ...items,
    ...Array.from({ length: count }, (_, index) => draw(items.length + from + index)),
  ];
  const blur = (part) =>
    items.map(({ key, estimate }) => ({ key, estimate: positive(estimate * (1 + part * (2 * random() - 1))) }));

  const { balance, makespan } = measuring.measure({ ...input, nodeOf: base.nodeOf });
  record('balance', balance);
  record('of longest first', makespan / makespanOf(items, nodes, lpt.longestFirst(input)));
  for (let draws = 0; draws < 3; draws++) change('+1 file', add(1, draws));
  change('+1 %', add(Math.ceil(items.length / 100), 10));
  change('N to N+1', items, nodes + 1);
  for (const part of [0.1, 0.3]) {
    const blurred = blur(part);
    change(`±${part * 100} %`, blurred);
    record(`balance ±${part * 100} %`, measuring.measure({ ...toInput(blurred, nodes), nodeOf: base.nodeOf }).balance);
  }
  if (later === undefined) return;
  const scored = items.filter(({ key }) => later.has(key));
  const nodeOf = scored.map(({ key }) => before.get(key));
  const estimates = scored.map(({ key }) => later.get(key));
  record('realised', measuring.measure({ nodeOf, estimates, nodes, workers }).balance);
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const quantile = (values, part) => [...values].sort((one, other) => one - other)[Math.ceil(values.length * part) - 1];
const ratio = (value) => (Number.isNaN(value) || value === undefined ? '-' : value.toFixed(3));
const percent = (value) => `${(100 * value).toFixed(1)} %`;

const columns = [
  ['mean', ({ balance }) => ratio(mean(balance))],
  ['p95', ({ balance }) => ratio(quantile(balance, 0.95))],
  ['worst / LPT', (figures) => ratio(Math.max(...figures['of longest first']))],
  ['+1 file', (figures) => percent(mean(figures['+1 file']))],
  ['+1 %', (figures) => percent(mean(figures['+1 %']))],
  ['N to N+1', (figures) => percent(mean(figures['N to N+1']))],
  ['±10 %', (figures) => percent(mean(figures['±10 %']))],
  ['±30 %', (figures) => percent(mean(figures['±30 %']))],
  ['kept at ±10 %', (figures) => ratio(mean(figures['balance ±10 %']))],
  ['kept at ±30 %', (figures) => ratio(mean(figures['balance ±30 %']))],
  ['run 1 to 2', ({ realised }) => ratio(mean(realised ?? []))],
];

function print(title, results) {
  const rows = [[title, ...columns.map(([name]) => name)]];
  for (const [name, figures] of results) rows.push([name, ...columns.map(([, format]) => format(figures))]);
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (row) =>
    row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]) : cell.padStart(widths[at]))).join('  ');
  console.log(`${rows.map(line).join('\n')}\n`);
}

const names = readdirSync(data).map((name) => path.basename(name, '.tsv'));
const sizes = options.quick ? [100, 1000] : [100, 300, 1000, 3000, 10_000];
const suites = [
  ...names.map(real),
  ...(options.recorded ? [] : Object.keys(durations)).flatMap((kind) =>
    sizes.map((count) => synthetic(kind, count, 1)),
  ),
];

function note(figures, figure, value) {
  if (figures[figure] === undefined) figures[figure] = [];
  figures[figure].push(value);
}

const all = new Map(Object.keys(contenders).map((name) => [name, {}]));
const ofReal = new Map(Object.keys(contenders).map((name) => [name, {}]));
for (const suite of suites) {
  for (const nodes of nodeCounts) {
    for (const [name, contender] of Object.entries(contenders)) {
      run(suite, nodes, contender, (figure, value) => {
        note(all.get(name), figure, value);
        if (suite.later !== undefined) note(ofReal.get(name), figure, value);
      });
    }
  }
}

console.log('makespan / lower bound, and the share of items that move when something changes');
console.log(
  `${suites.length} suites × ${nodeCounts.length} numbers of nodes (${nodeCounts[0]} to ${nodeCounts.at(-1)}), ${workers} worker(s) a node\n`,
);
if (!options.recorded) print('all suites', all);
print(`${names.length} recorded suites`, ofReal);

const promises = [
  ['bounded ring', 'mean', mean(all.get('bounded ring').balance), 1.01],
  ['bounded ring', 'worst / LPT', Math.max(...all.get('bounded ring')['of longest first']), 1.01],
  ['sticky', 'mean', mean(all.get('sticky').balance), 1.005],
  ['sticky', 'worst / LPT', Math.max(...all.get('sticky')['of longest first']), 1.01],
  ['sticky', '+1 file', mean(all.get('sticky')['+1 file']), 0.01],
];
for (const [name, what, value, most] of promises) {
  const kept = value <= most + 1e-9;
  if (!kept) process.exitCode = 1;
  console.log(`${kept ? 'kept  ' : 'MISSED'} ${name}: ${what} ${value.toFixed(4)}, promised at most ${most}`);
}
