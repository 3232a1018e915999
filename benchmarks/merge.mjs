/**
 * From the blobs of many nodes to one run: seconds and peak memory, beside Vitest's `--merge-reports` on as many results.
 *
 *   npm run build && node benchmarks/merge.mjs [--nodes 200] [--files 500] [--tests 20] [--replayed 10] [--vitest 200]
 *     [--rounds 3]
 *
 * `verify` reads the blobs of all nodes (`--nodes` × `--files` × `--tests` results) and proves the run. A `merge` replays
 * the first `--replayed` nodes' share as a run of its own through Jest, with Jest's default reporter, and writes
 * summary, page and timings. Vitest merges the same number of files and tests, once as many as are replayed and once as
 * many as `--vitest` nodes have (0: not at all); its blobs are copies of one that it wrote itself, with other names and ids.
 * Every file passes, and every tenth prints a line. Rivals of one size take turns; medians of all rounds.
 * A process that dies (V8's memory or string limit) is reported as that.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { loadavg, tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs, stripVTControlCharacters } from 'node:util';
import blobFile from '../dist/files/blob-file.js';
import { prepareHost } from './inside-jest/hosts.mjs';
import { measureNode } from './inside-jest/measured-process.mjs';
import { inSeconds, inTurns, median, table } from './inside-jest/paired.mjs';

const VITEST = '4.1.12';
const FLATTED = '3.4.4';
const START_MS = 1_750_000_000_000;

const { values: options } = parseArgs({
  options: Object.fromEntries(
    Object.entries({ nodes: '200', files: '500', tests: '20', replayed: '10', vitest: '200', rounds: '3' }).map(
      ([name, value]) => [name, { type: 'string', default: value }],
    ),
  ),
});
const { nodes, files, tests, replayed, vitest, rounds } = Object.fromEntries(
  Object.entries(options).map(([name, value]) => [name, Number(value)]),
);

const titles = Array.from({ length: tests }, (_, index) => `adds what the cart of customer ${index} holds`);
const pathOf = (index) => `packages/p${index % 40}/src/__tests__/cart-${index}.test.js`;
const range = (count) => Array.from({ length: count }, (_, index) => index);

/** What Jest 30 says of a file of passing tests. */
function recordOf(index) {
  const name = pathOf(index);
  const startMs = START_MS + (index % files) * 50;
  const printed = [{ message: `cart ${index} was empty`, origin: `at Object.log (${name}:3:9)`, type: 'log' }];
  return {
    file: { project: null, path: name },
    parts: null,
    startMs,
    wallMs: 50,
    worker: 1,
    split: null,
    cases: range(tests),
    result: {
      leaks: false,
      numFailingTests: 0,
      numPassingTests: tests,
      numPendingTests: 0,
      numTodoTests: 0,
      openHandles: [],
      perfStats: { start: startMs, end: startMs + 50, loadTestEnvironmentStart: startMs, runtime: 50, slow: false },
      skipped: false,
      snapshot: { added: 0, fileDeleted: false, matched: 0, unchecked: 0, uncheckedKeys: [], unmatched: 0, updated: 0 },
      testFilePath: `<jd:rootDir>/${name}`,
      failureMessage: null,
      console: index % 10 === 0 ? printed : undefined,
      testResults: titles.map((title, at) => ({
        ancestorTitles: ['cart'],
        duration: 2,
        failing: false,
        failureDetails: [],
        failureMessages: [],
        fullName: `cart ${title}`,
        invocations: 1,
        location: null,
        numPassingAsserts: 1,
        retryReasons: [],
        startAt: startMs + at * 2,
        status: 'passed',
        title,
      })),
    },
    execError: null,
    coverage: { babel: null, v8: null },
  };
}

function planOf(count) {
  const items = (node) =>
    range(files).map((index) => ({
      file: pathOf(node * files + index),
      project: null,
      part: null,
      estimate: 50,
      reason: 'home',
    }));
  return {
    version: 1,
    strategy: 'bounded-ring',
    hashBy: 'file',
    workers: 1,
    unit: 'ms',
    digest: 'b'.repeat(64),
    balance: 1,
    makespan: files * 50,
    lowerBound: files * 50,
    nodes: range(count).map((node) => ({ node: node + 1, load: files * 50, items: items(node) })),
  };
}

/** Blobs as the reporters of so many nodes write them. @returns bytes of all. */
function writeBlobs(folder, count) {
  rmSync(folder, { recursive: true, force: true });
  const plan = planOf(count);
  const found = range(count * files).map((index) => ({ project: null, path: pathOf(index) }));
  let bytes = 0;
  for (const node of range(count)) {
    const writer = blobFile.openBlob(folder, {
      packageVersion: '0.1.0',
      run: { id: '1', attempt: 1, source: '--run-id', rerun: 'attempt', unknownIn: null },
      job: { packageName: null, packageDir: null, rootDir: null, label: null },
      call: { digest: '00', text: 'jest' },
      node: { number: node + 1, nodes: count, source: '--nodes and --node-number' },
      blobId: `blob-${node}`,
      jobId: `job-${node}`,
      jobName: null,
      provider: null,
      startMs: START_MS,
      plan,
      planInputs: {},
      found,
      disabled: null,
      provable: { ok: true },
      coverageProvider: null,
      commit: 'c0ffee',
      jestVersion: '30.5.2',
      nodeVersion: process.version,
      host: `host-${node}`,
      platform: process.platform,
    });
    for (const index of range(files)) writer.file(recordOf(node * files + index));
    writer.tree({ dirty: null, algorithm: 'sha1', files: found.map(() => null), configs: [], settings: null });
    const wallMs = files * 50;
    const end = { state: 'complete', endMs: START_MS + wallMs, wallMs };
    writer.end({ ...end, errors: [], snapshot: {}, obsoleteSnapshotFiles: [] });
    writer.exit({ code: 0, signal: null, reasons: [] });
    bytes += statSync(writer.path).size;
  }
  return bytes;
}

/** The checkout in which a run is merged: all test files are there, as Jest looks for them. */
function prepareProject(host, count) {
  const dir = path.join(host.dir, 'projects', `merge-${count}`);
  rmSync(dir, { recursive: true, force: true });
  for (const index of range(40)) mkdirSync(path.join(dir, `packages/p${index}/src/__tests__`), { recursive: true });
  writeFileSync(path.join(dir, 'package.json'), '{"private":true}');
  for (const index of range(count * files)) writeFileSync(path.join(dir, pathOf(index)), '');
  return { dir, bytes: writeBlobs(path.join(dir, 'blobs'), count) };
}

/** A folder with Vitest and a blob of its own making, of one file. */
async function prepareVitest() {
  const dir = path.join(tmpdir(), `jest-distributed-benchmarks-vitest-${userInfo().username}`);
  mkdirSync(path.join(dir, 'tests'), { recursive: true });
  const devDependencies = { vitest: VITEST, flatted: FLATTED };
  writeFileSync(path.join(dir, 'package.json'), JSON.stringify({ private: true, type: 'module', devDependencies }));
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', '--silent'], { cwd: dir });
  const lines = titles.map((title) => `  test('${title}', () => { expect(2).toBe(2); });`);
  const head = "import { describe, expect, test } from 'vitest';\ndescribe('cart', () => {\n";
  writeFileSync(path.join(dir, 'tests', 'cart.test.js'), `${head}${lines.join('\n')}\n});\n`);
  const bin = path.join(dir, 'node_modules', 'vitest', 'vitest.mjs');
  execFileSync(process.execPath, [bin, 'run', '--reporter=blob', '--outputFile=one.json'], { cwd: dir });
  const utils = pathToFileURL(path.join(dir, 'node_modules', '@vitest', 'runner', 'dist', 'utils.js'));
  const { generateFileHash } = await import(utils.href);
  return { dir, bin, flatted: createRequire(path.join(dir, 'package.json'))('flatted'), hashOf: generateFileHash };
}

/** @param names id and path that the file has, and those that it is to have. Vitest knows a file by the hash of its path. */
function renameTask(task, index, names) {
  task.id = names.id + task.id.slice(names.oldId.length);
  if (task.filepath !== undefined) {
    task.name = names.path;
    task.filepath = path.join(names.dir, names.path);
    if (index % 10 === 0) task.logs = [{ content: `cart ${index} was empty\n`, type: 'stdout', time: 1, size: 18 }];
  }
  task.fullName = names.path + task.fullName.slice(names.oldPath.length);
  for (const child of task.tasks ?? []) renameTask(child, index, names);
}

/** @returns bytes of all. */
function writeVitestBlobs({ dir, flatted, hashOf }, folder, count) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const [version, [file], errors, coverage, executionTime, modules] = flatted.parse(
    readFileSync(path.join(dir, 'one.json'), 'utf8'),
  );
  let bytes = 0;
  for (const node of range(count)) {
    const copies = range(files).map((index) => {
      const copy = structuredClone(file);
      const name = pathOf(node * files + index);
      const names = { dir, path: name, id: hashOf(name, ''), oldPath: file.name, oldId: file.id };
      renameTask(copy, node * files + index, names);
      return copy;
    });
    const text = flatted.stringify([version, copies, errors, coverage, executionTime, modules]);
    writeFileSync(path.join(folder, `blob-${node + 1}-${count}.json`), text);
    bytes += text.length;
  }
  return bytes;
}

const PEAK = `process.on('exit', () => process.stderr.write('\\npeak-kib ' + process.resourceUsage().maxRSS + '\\n'))`;

async function measure(cwd, args, mustSay) {
  const all = ['--import', `data:text/javascript,${encodeURIComponent(PEAK)}`, ...args];
  const { wallMs, cpuMs, exitCode, stdout, stderr } = await measureNode(cwd, all);
  const peakKib = Number(/peak-kib (\d+)/.exec(stderr)?.[1] ?? Number.NaN);
  if (exitCode === 0 && !mustSay.test(stripVTControlCharacters(stdout + stderr)))
    throw new Error(`Merged something else:\n${stdout.slice(-3000)}`);
  return { wallMs, cpuMs, peakKib, failure: exitCode === 0 ? null : stderr.trim().split('\n').slice(-12).join('\n') };
}

const grouped = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, ' ');
const inMiB = (bytes) => `${Math.round(bytes / 2 ** 20)} MiB`;

function rowOf(name, count, bytes, measured) {
  const results = count * files * tests;
  const failed = measured.find(({ failure }) => failure !== null);
  if (failed !== undefined) {
    console.log(`${name} of ${grouped(results)} results failed:\n${failed.failure}\n`);
    return [name, grouped(results), inMiB(bytes), 'failed', '-', '-', '-'];
  }
  const middle = (key) => median(measured.map((one) => one[key]));
  const perSecond = grouped(Math.round(results / (middle('wallMs') / 1000)));
  const times = [inSeconds(middle('wallMs')), inSeconds(middle('cpuMs'))];
  return [name, grouped(results), inMiB(bytes), ...times, perSecond, inMiB(middle('peakKib') * 1024)];
}

const rows = [['', 'results', 'blobs', 'wall', 'CPU', 'results/s', 'peak memory']];

async function measureInTurns(rivals) {
  const runs = Object.fromEntries(Object.entries(rivals).map(([name, { run }]) => [name, run]));
  const results = await inTurns(runs, rounds, (round) => process.stderr.write(`round ${round} of ${rounds}\n`));
  for (const [name, { count, bytes }] of Object.entries(rivals)) rows.push(rowOf(name, count, bytes, results[name]));
}

const host = prepareHost(30);
const other = vitest > 0 ? await prepareVitest() : undefined;

function vitestRival(count) {
  const folder = path.join(other.dir, 'blobs');
  const bytes = writeVitestBlobs(other, folder, count);
  const args = [other.bin, 'run', `--merge-reports=${folder}`, '--reporter=default'];
  const said = new RegExp(`Tests\\s+${count * files * tests} passed`);
  return { count, bytes, run: () => measure(other.dir, args, said) };
}

{
  const { dir, bytes } = prepareProject(host, replayed);
  const proven = ['--run-id', '1', '--expect-nodes', String(replayed)];
  await measureInTurns({
    'jest-distributed verify': {
      ...{ count: replayed, bytes },
      run: () => measure(dir, [host.ourBin, 'verify', 'blobs', '--json', ...proven], /"ok": true/),
    },
    'jest-distributed merge': {
      ...{ count: replayed, bytes },
      run: () =>
        measure(dir, [host.ourBin, 'merge', 'blobs', ...proven], new RegExp(`${replayed * files * tests} passed`)),
    },
    ...(vitest > 0 && { 'vitest --merge-reports': vitestRival(replayed) }),
  });
  rmSync(dir, { recursive: true, force: true });
}

if (nodes > 0) {
  const dir = path.join(host.dir, 'projects', 'verify');
  mkdirSync(dir, { recursive: true });
  const bytes = writeBlobs(path.join(dir, 'blobs'), nodes);
  const args = [host.ourBin, 'verify', 'blobs', '--json', '--run-id', '1', '--expect-nodes', String(nodes)];
  await measureInTurns({
    'jest-distributed verify': { count: nodes, bytes, run: () => measure(dir, args, /"ok": true/) },
    ...(vitest > 0 && { 'vitest --merge-reports': vitestRival(vitest) }),
  });
  rmSync(dir, { recursive: true, force: true });
}
if (other !== undefined) rmSync(path.join(other.dir, 'blobs'), { recursive: true, force: true });

console.log(
  `${files} files of ${tests} tests a node; Jest ${host.jest}, Vitest ${VITEST}; ${rounds} rounds, Node ${process.versions.node}, load of the machine ${loadavg()[1].toFixed(1)}\n`,
);
console.log(table(rows));
