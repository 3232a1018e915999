/**
 * What two dashboards that show a running run cost its nodes and its database.
 *
 *   npm run build && node benchmarks/dashboard.mjs [--rounds 8] [--files 5000] [--nodes 8] [--files-per-second 60]
 *     [--seconds 15]
 *
 * Every round has a run of its own on a real PostgreSQL, half of whose files are done. The nodes go on with it at an even
 * pace, each file with a result of twelve tests, while two dashboards, each a process of its own, have a page open on it,
 * or none has. CPU time (user + system) is that of the server's whole process tree, and what is added is in percent of
 * one core; of it the server's processes for the dashboards' own connections are known without comparing, and so without
 * the noise of the others. Latency is that of each claim of a node, on a connection of its own. Both take turns, and what
 * is compared is one round. Exit code 1 where the dashboards' connections take more than 2 % of a core (median), or where
 * even the lower end of an interval says that they add more, or that a median claim takes 5 % longer.
 */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, loadavg } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import {
  compare,
  difference,
  inMs,
  inTurns,
  judge,
  median,
  ratio,
  table,
  withInterval,
} from './inside-jest/paired.mjs';

const require = createRequire(import.meta.url);
require('esbuild-register/dist/node').register();
const { newSchemaName, startPostgres } = require('../__tests__/support/postgres.ts');
const { createPgClient } = require('../src/postgres/client/pg-client.ts');
const { createPostgresQueue } = require('../src/postgres/postgres-queue.ts');
const { migrate } = require('../src/postgres/schema/migrate.ts');
const { NOT_COMPARED } = require('../src/queue/plan-entries.ts');
const { DEFAULT_QUEUE_LIMITS } = require('../src/queue/queue.ts');
const { resultDetail } = require('../src/queue/result-detail.ts');

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '8' },
    files: { type: 'string', default: '5000' },
    nodes: { type: 'string', default: '8' },
    'files-per-second': { type: 'string', default: '60' },
    seconds: { type: 'string', default: '15' },
  },
});
const rounds = Number(options.rounds);
const fileCount = Number(options.files);
const nodeCount = Number(options.nodes);
const filesPerSecond = Number(options['files-per-second']);
const seconds = Number(options.seconds);
if (fileCount / 2 < filesPerSecond * (seconds + 5))
  throw new Error('A run would end before it is measured: more --files');

/** Percent of one core. */
const promisedCpu = 2;
const promisedRatio = 1.05;

/** Before it is measured: pages have read what is there. */
const OPENING_MS = 3_000;

const bin = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', 'dist', 'cli.js');
const schema = newSchemaName();
const server = await startPostgres();
const admin = createPgClient({ url: server.url, source: 'benchmark', connections: 1 });
await migrate(admin, schema);

/** The clock of /proc is in hundredths of a second wherever Linux runs. */
const TICK_MS = 10;

/** Of a process: its parent, its own CPU time, and that of its children that have ended. */
function readStat(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')
    .map(Number);
  return {
    parent: fields[1],
    ownMs: (fields[11] + fields[12]) * TICK_MS,
    endedMs: (fields[13] + fields[14]) * TICK_MS,
  };
}

/** Processes of the server that serve somebody. */
const listBackends = async () =>
  (await admin.query("SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'")).map(({ pid }) =>
    Number(pid),
  );

const [{ pid: backend }] = await admin.query('SELECT pg_backend_pid() AS pid');
const postmaster = readStat(Number(backend)).parent;

function serverCpuMs() {
  let sum = readStat(postmaster).ownMs + readStat(postmaster).endedMs;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const { parent, ownMs } = readStat(pid);
      if (parent === postmaster) sum += ownMs;
    } catch {
      // It has ended in between; its parent has its time.
    }
  }
  return sum;
}

const entries = Array.from({ length: fileCount }, (_, index) => ({
  file: { project: null, path: `src/features/part-${index % 40}/some-component-${index}.test.tsx` },
  ...{ part: null, estimate: 500 + (index % 1_000), home: null },
}));

function resultOf({ itemId, attempt, claimNumber, file }) {
  const isFailed = Number(/-(\d+)\./.exec(file.path)[1]) % 100 === 0;
  const testResults = Array.from({ length: 12 }, (_, index) => ({
    ...{ fullName: `some component shows case number ${index}`, duration: 20 + index },
    status: isFailed && index === 0 ? 'failed' : 'passed',
    failureMessages:
      isFailed && index === 0 ? [`Error: expect(received).toBe(expected)\n${'    at x\n'.repeat(10)}`] : [],
  }));
  const detail = resultDetail({ testResults, failureMessage: isFailed ? 'failed' : null }, undefined, new Map());
  return { itemId, attempt, claimNumber, outcome: isFailed ? 'failed' : 'passed', durationMs: 300, detail };
}

async function joinRun(runId, node) {
  const queue = createPostgresQueue(createPgClient({ url: server.url, source: 'benchmark', connections: 1 }), schema);
  const { session } = await queue.join({
    ...{ pipeline: 'bench', runId, attempt: 1, node, home: null, host: `machine-${node}`, token: randomUUID() },
    ...{ digest: 'd', inputs: { ...NOT_COMPARED, settings: {} }, changes: null, job: null, commit: 'c0ffee' },
    ...{ entries, limits: DEFAULT_QUEUE_LIMITS, rerun: 'failed' },
  });
  return { queue, session };
}

async function runHalf({ queue, session }) {
  for (let done = 0; done < fileCount / 2; ) {
    const claimed = await queue.claim(session, { count: 250, startNow: 250, known: [] });
    await queue.settle(session, claimed.map(resultOf));
    done += claimed.length;
  }
}

/** A node that claims and settles one file at a time, at its pace, whatever one of them takes. */
async function runAtPace({ queue, session }, place, isOver, onClaim) {
  const paceMs = (1_000 * nodeCount) / filesPerSecond;
  const from = performance.now() + (place * paceMs) / nodeCount;
  for (let turn = 0; !isOver(); turn++) {
    await sleep(Math.max(0, from + turn * paceMs - performance.now()));
    const before = performance.now();
    const claimed = await queue.claim(session, { count: 1, startNow: 1, known: [] });
    onClaim(performance.now() - before);
    await sleep(paceMs / 2);
    await queue.settle(session, claimed.map(resultOf));
  }
}

/** A dashboard, and a page of it that shows the run. */
async function openDashboard(runId) {
  const child = spawn(process.execPath, [bin, 'dashboard', '--port', '0'], {
    env: { ...process.env, JEST_DISTRIBUTED_DATABASE_URL: server.url, JEST_DISTRIBUTED_DATABASE_SCHEMA: schema },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  for await (const chunk of child.stdout) {
    said += chunk;
    if (/http:\S+\/\n/.test(said)) break;
  }
  const address = /http:\S+\//.exec(said)?.[0];
  const runs = await (await fetch(`${address}api/runs`)).json();
  const { id } = runs.find((run) => run.runId === runId);
  await (await fetch(`${address}api/runs/${id}`)).json();
  const stop = new AbortController();
  const page = { events: 0 };
  const response = await fetch(`${address}api/runs/${id}/events`, { signal: stop.signal });
  const reading = (async () => {
    for await (const chunk of response.body) page.events += chunk.length > 0 ? 1 : 0;
  })().catch(() => undefined);
  return {
    page,
    close: async () => {
      stop.abort();
      await reading;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGINT');
      await ended;
    },
  };
}

let runs = 0;

async function measure(dashboards) {
  const runId = `run-${++runs}`;
  const nodes = [];
  for (let node = 1; node <= nodeCount; node++) nodes.push(await joinRun(runId, String(node)));
  await runHalf(nodes[0]);
  const others = new Set(await listBackends());
  const opened = await Promise.all(Array.from({ length: dashboards }, () => openDashboard(runId)));
  let isOver = false;
  let isMeasured = false;
  const claimMs = [];
  const paced = nodes.map((node, place) =>
    runAtPace(
      node,
      place,
      () => isOver,
      (ms) => isMeasured && claimMs.push(ms),
    ),
  );
  await sleep(OPENING_MS);
  const heard = opened.map(({ page }) => page.events);
  const own = (await listBackends()).filter((pid) => !others.has(pid));
  const ownCpuMs = () => own.reduce((sum, pid) => sum + readStat(pid).ownMs, 0);
  const ownFrom = ownCpuMs();
  const [cpuFrom, from] = [serverCpuMs(), performance.now()];
  isMeasured = true;
  await sleep(1_000 * seconds);
  isMeasured = false;
  const [cpuMs, wallMs] = [serverCpuMs() - cpuFrom, performance.now() - from];
  const ownMs = ownCpuMs() - ownFrom;
  isOver = true;
  await Promise.all(paced);
  for (const [index, { page, close }] of opened.entries()) {
    if (page.events - heard[index] < seconds / 2)
      throw new Error('A page did not hear of the run while it was measured');
    await close();
  }
  await Promise.all(nodes.map(({ queue }) => queue.close()));
  claimMs.sort((a, b) => a - b);
  return {
    cpuPercent: (100 * cpuMs) / wallMs,
    ownPercent: (100 * ownMs) / wallMs,
    claims: claimMs.length,
    medianMs: median(claimMs),
    p95Ms: claimMs[Math.floor(0.95 * (claimMs.length - 1))],
  };
}

try {
  // Plans of statements, pages of the tables, this process's own code.
  await measure(2);
  const results = await inTurns({ none: () => measure(0), two: () => measure(2) }, rounds, (round) =>
    process.stderr.write(`round ${round} of ${rounds}\n`),
  );
  const of = (name, pick) => results[name].map(pick);
  const added = compare(
    of('two', ({ cpuPercent }) => cpuPercent),
    of('none', ({ cpuPercent }) => cpuPercent),
    difference,
  );
  const slower = compare(
    of('two', ({ medianMs }) => medianMs),
    of('none', ({ medianMs }) => medianMs),
    ratio,
  );
  const slowest = compare(
    of('two', ({ p95Ms }) => p95Ms),
    of('none', ({ p95Ms }) => p95Ms),
    ratio,
  );
  // Without dashboards against itself: what no difference looks like on this machine.
  const alone = of('none', ({ cpuPercent }) => cpuPercent);
  const noise = compare(alone.slice(1), alone.slice(0, -1), difference);
  const percent = (value) => `${value.toFixed(2)} %`;
  const times = (value) => value.toFixed(3);
  const row = (title, name) => [
    title,
    percent(median(of(name, ({ cpuPercent }) => cpuPercent))),
    inMs(median(of(name, ({ medianMs }) => medianMs))),
    inMs(median(of(name, ({ p95Ms }) => p95Ms))),
  ];
  console.log(
    `${nodeCount} nodes, ${filesPerSecond} files a second of a run of ${fileCount}, ${rounds} rounds of ${seconds} s (${median(of('none', ({ claims }) => claims))} claims each), Node ${process.versions.node}, ${cpus().length} cores, load of the machine ${loadavg()[1].toFixed(1)}`,
  );
  console.log(
    'CPU time of the database server, in percent of one core; differences and ratios: median of pairs [95 % interval]\n',
  );
  const rows = [['dashboards', 'CPU', 'claim, median', 'claim, p95'], row('none', 'none'), row('two', 'two')];
  console.log(`${table(rows)}\n`);
  console.log(
    `added: ${withInterval(added, percent)} of a core (a round without against the one before: ${withInterval(noise, percent)})`,
  );
  const own = of('two', ({ ownPercent }) => ownPercent);
  console.log(
    `their own connections: ${percent(median(own))} of a core (${percent(Math.min(...own))} to ${percent(Math.max(...own))})`,
  );
  console.log(`claims: median ${withInterval(slower, times)}, p95 ${withInterval(slowest, times)} of those without\n`);
  judge('CPU of the connections of two dashboards', median(own), promisedCpu, percent);
  judge('CPU that two dashboards add, lower end', added.low, promisedCpu, percent);
  judge('median claim with two dashboards, against none, lower end', slower.low, promisedRatio, times);
} finally {
  await admin.query(`DROP SCHEMA ${schema} CASCADE`);
  await admin.close();
  await server.close();
}
