/**
 * What dealing 10,000 files to 20 nodes adds to Jest's own sequencing, inside real Jest.
 *
 *   npm run build && node benchmarks/sequencing.mjs [--rounds 7] [--jest 30 | 29 | both] [--files 10000]
 *
 * Each measure in new processes, because a sequencer works once in a process and cold code is what people get:
 * - `sort`: wall time of loading the sequencer's module, constructing it, and from the list of files to the sorted one,
 *   with waiting for git;
 * - `jest --listTests`: wall time of the whole process, and CPU time (user + system) of it and all it starts, git too.
 * Exit code 1 where it adds 300 ms or more of wall time to what stock Jest spends.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { loadavg } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { JEST_VERSIONS, prepareHost } from './inside-jest/hosts.mjs';
import { measurePassing } from './inside-jest/measured-process.mjs';
import { compare, difference, inMs, inTurns, judge, median, table, withInterval } from './inside-jest/paired.mjs';
import { commitAll, writeProject } from './inside-jest/projects.mjs';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    jest: { type: 'string', default: 'both' },
    files: { type: 'string', default: '10000' },
  },
});
const rounds = Number(options.rounds);
const fileCount = Number(options.files);
const nodes = 20;
const node = 3;
const promisedMs = 300;
const probe = fileURLToPath(import.meta.resolve('./inside-jest/probe-sequencer.cjs'));

const testFiles = Array.from(
  { length: fileCount },
  (_, index) => `packages/p${String(index % 40).padStart(2, '0')}/src/__tests__/feature-${index}.test.js`,
);

function writeSuite(host, name) {
  const files = Object.fromEntries(
    testFiles.map((file, index) => [file, `test('passes', () => {});\n//${'x'.repeat(index % 97)}\n`]),
  );
  const jestConfig = { testEnvironment: 'node', cacheDirectory: '<rootDir>/.cache' };
  const dir = writeProject(host, name, {
    ...files,
    'package.json': JSON.stringify({ name: 'suite', private: true, jest: jestConfig }),
    '.gitignore': '.cache\n',
  });
  return dir;
}

/** Durations as a run would have recorded them, with the assignment of that run where there was one. */
function writeTimings(host, dir, withAssignment) {
  const ours = (module) => createRequire(import.meta.url)(path.join(host.packageDir, 'dist', module));
  const { foldDurations } = ours('timings/update');
  const { recordAssignment } = ours('timings/assignment');
  const { serializeTimings } = ours('timings/timings-format');
  const { emptyTimings } = ours('timings/timings');
  const runs = testFiles.map((file, index) => ({
    ...{ project: null, path: file, ok: true },
    durationMs: 50 + ((index * 7919) % 1000) + (index % 500 === 0 ? 10_000 : 0),
  }));
  let timings = foldDurations(emptyTimings, runs, { workers: 1 });
  if (withAssignment) {
    const { makePlan } = ours('plan/make-plan');
    const items = runs.map(({ path: key, durationMs }) => {
      return { key, file: { project: null, path: key }, part: null, estimate: durationMs };
    });
    const scope = { testNamePattern: null, pathPattern: '' };
    const plan = makePlan({ items, unit: 'ms', nodes, workers: 1, strategy: 'bounded-ring', hashBy: 'file', scope });
    const placed = plan.nodes.flatMap(({ node: number, items: own }) =>
      own.map(({ file }) => ({ project: null, path: file, part: null, node: number })),
    );
    timings = recordAssignment(timings, nodes, placed);
  }
  mkdirSync(path.join(dir, '.jest-distributed'));
  writeFileSync(path.join(dir, '.jest-distributed', 'timings.json'), serializeTimings(timings));
}

const suites = {
  'no git repository': (host) => writeSuite(host, 'sequencing-no-git'),
  'git repository': (host) => {
    const dir = writeSuite(host, 'sequencing-git');
    commitAll(dir);
    return dir;
  },
  'git, timings': (host) => {
    const dir = writeSuite(host, 'sequencing-timings');
    writeTimings(host, dir, false);
    commitAll(dir);
    return dir;
  },
  'git, timings, sticky': (host) => {
    const dir = writeSuite(host, 'sequencing-sticky');
    writeTimings(host, dir, true);
    commitAll(dir);
    return dir;
  },
};

const identity = { JEST_DISTRIBUTED_NODES: String(nodes), JEST_DISTRIBUTED_NODE_NUMBER: String(node) };

/** One line of the probe, from a `jest --listTests` of its own. */
async function probeSort(host, dir, sequencer, environment) {
  const out = path.join(host.dir, 'projects', 'probe.jsonl');
  rmSync(out, { force: true });
  const variables = { ...environment, PROBE_SEQUENCER: sequencer, PROBE_OUT: out };
  await measurePassing(dir, [host.jestBin, '--listTests', `--testSequencer=${probe}`], variables);
  return JSON.parse(readFileSync(out, 'utf8'));
}

/** The one that Jest itself loads; not every package manager lets a project name it. */
const stockSequencer = ({ jestBin }) =>
  ['@jest/core', 'jest-config', '@jest/test-sequencer'].reduce(
    (from, name) => createRequire(from).resolve(name),
    jestBin,
  );

async function measureSuite(host, name) {
  const dir = suites[name](host);
  const list = async (args, environment) => {
    const measured = await measurePassing(dir, [host.jestBin, '--listTests', ...args], environment);
    return { ...measured, files: measured.stdout.trim().split('\n').length };
  };
  const ourArgs = ['--testSequencer=jest-distributed'];
  // Fills Jest's cache of the file tree, and tells that both do what they are measured for.
  const all = await list([]);
  const own = await list(ourArgs, identity);
  if (all.files !== fileCount || own.files >= fileCount / 10) {
    throw new Error(`Found ${all.files} of ${fileCount} files and kept ${own.files}: not what is to be measured.`);
  }
  const stock = stockSequencer(host);
  const results = await inTurns(
    {
      stockSort: () => probeSort(host, dir, stock, {}),
      ourSort: () => probeSort(host, dir, 'jest-distributed', identity),
      stockList: () => list([]),
      ourList: () => list(ourArgs, identity),
    },
    rounds,
  );
  const total = ({ loading, constructing, sorting }) => loading.wallMs + constructing.wallMs + sorting.wallMs;
  const wall = ({ wallMs }) => wallMs;
  const cpu = ({ cpuMs }) => cpuMs;
  const added = {
    sort: compare(results.ourSort.map(total), results.stockSort.map(total), difference),
    listing: compare(results.ourList.map(wall), results.stockList.map(wall), difference),
    cpu: compare(results.ourList.map(cpu), results.stockList.map(cpu), difference),
  };
  const row = [
    `${host.jest}, ${name}`,
    inMs(median(results.stockSort.map(total))),
    withInterval(added.sort, inMs),
    inMs(median(results.stockList.map(wall))),
    withInterval(added.listing, inMs),
    inMs(median(results.stockList.map(cpu))),
    withInterval(added.cpu, inMs),
  ];
  rmSync(dir, { recursive: true, force: true });
  return { row, added };
}

const majors = options.jest === 'both' ? [30, 29] : [Number(options.jest)];
if (majors.some((major) => JEST_VERSIONS[major] === undefined)) throw new Error('--jest is 29, 30 or both');

const rows = [['Jest, project', 'sort', 'added', '--listTests', 'added', 'its CPU', 'added']];
const verdicts = [];
for (const major of majors) {
  const host = prepareHost(major);
  for (const name of Object.keys(suites)) {
    const { row, added } = await measureSuite(host, name);
    rows.push(row);
    process.stderr.write(`${row.join('  ')}\n`);
    verdicts.push([`${host.jest}, ${name}: sort adds`, added.sort.median]);
    verdicts.push([`${host.jest}, ${name}: --listTests adds`, added.listing.median]);
  }
}

console.log(
  `${fileCount} files over ${nodes} nodes, ${rounds} rounds, Node ${process.versions.node}, load of the machine ${loadavg()[1].toFixed(1)}`,
);
console.log(
  'sort: wall time of loading, constructing and sorting; --listTests: wall time of the process, and CPU time of',
);
console.log('the process tree; medians of stock Jest, and medians of what is added in a pair [95 % interval]\n');
console.log(`${table(rows)}\n`);
for (const [what, value] of verdicts) judge(what, value, promisedMs, inMs);
