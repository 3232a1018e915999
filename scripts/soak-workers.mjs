// Starts and kills nodes, many times and several at once, and looks for slots that two have, and for what is left.
//
//     node scripts/soak-workers.mjs [starts, 1000] [at once, 3]
//
// A node is killed by SIGKILL or SIGTERM at any moment, alone or with the process that would tear down after it. At the
// end one more run starts, and then nothing may be left: no slot, no process, no "database".
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const starts = Number(process.argv[2] ?? 1000);
const atOnce = Number(process.argv[3] ?? 3);
const node = path.join(path.dirname(fileURLToPath(import.meta.url)), 'soak', 'node.cjs');
const root = mkdtempSync(path.join(tmpdir(), 'jest-distributed-soak-'));
const slots = path.join(root, 'slots');
const world = path.join(root, 'world');
mkdirSync(world);
mkdirSync(slots);

const counts = { ended: 0, killed: 0, killedAltogether: 0, terminated: 0, failed: 0 };
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const journals = () => {
  const folder = readdirSync(slots, { withFileTypes: true }).find((entry) => entry.isDirectory());
  return folder === undefined
    ? []
    : readdirSync(path.join(slots, folder.name)).map((name) => path.join(slots, folder.name, name));
};
const read = (file) => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
};

function killSetups(pid) {
  for (const journal of journals().filter((folder) => path.basename(folder).startsWith(`${pid}-`))) {
    const text = read(path.join(journal, 'process.json'));
    try {
      if (text !== '') process.kill(JSON.parse(text).pid, 'SIGKILL');
    } catch {
      // It has ended.
    }
  }
}

function startNode(way, afterMs) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [node], {
      env: { ...process.env, SOAK_SLOTS: slots, SOAK_WORLD: world },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let errors = '';
    child.stderr.on('data', (chunk) => {
      errors += chunk;
    });
    const timer = setTimeout(() => {
      if (way === 'end') return;
      child.kill(way === 'terminate' ? 'SIGTERM' : 'SIGKILL');
      if (way === 'kill-all') killSetups(child.pid);
    }, afterMs);
    child.on('exit', (code, signal) => {
      clearTimeout(timer);
      if (signal !== null)
        counts[way === 'kill' ? 'killed' : way === 'terminate' ? 'terminated' : 'killedAltogether'] += 1;
      else if (code === 0) counts.ended += 1;
      else counts.failed += 1;
      if (code !== null && code !== 0) console.error(errors);
      resolve();
    });
  });
}

const WAYS = ['end', 'kill', 'kill-all', 'terminate', 'kill', 'kill-all'];
let left = starts;
async function lane() {
  while (left > 0) {
    left -= 1;
    const way = WAYS[Math.floor(Math.random() * WAYS.length)];
    await startNode(way, 100 + Math.random() * 1300);
    if (left % 100 === 0) console.log(`${starts - left} starts`);
  }
}
const begun = Date.now();
await Promise.all(Array.from({ length: atOnce }, lane));

// What was killed alone tears down by itself; what was killed altogether, the next run.
await wait(12_000);
await startNode('end', 0);
await wait(4000);
const log = read(path.join(root, 'log')).split('\n');
const collisions = log.filter((line) => line.startsWith('COLLISION'));
const isHeld = (name) => /^\d+\.\d+$/.test(name) && read(path.join(slots, name)) !== '';
const leaked = readdirSync(slots)
  .filter(isHeld)
  .filter((name) => existsSync(`/proc/${JSON.parse(read(path.join(slots, name))).owner.pid}`));
const result = {
  ...{ starts, ...counts, seconds: Math.round((Date.now() - begun) / 1000) },
  setups: log.filter((line) => line.startsWith('setup')).length,
  teardowns: log.filter((line) => line.startsWith('teardown')).length,
  collisions: collisions.length,
  databasesLeft: readdirSync(world),
  journalsLeft: journals().length,
  slotsHeld: leaked,
  highestSlot: Math.max(...readdirSync(slots).map((name) => Number(/^(\d+)\./.exec(name)?.[1] ?? -1))),
};
console.log(JSON.stringify(result, null, 2));
const isGood =
  result.collisions + result.databasesLeft.length + result.journalsLeft + leaked.length + counts.failed === 0;
if (isGood) rmSync(root, { recursive: true, force: true });
else console.log(`Kept: ${root}`);
process.exitCode = isGood ? 0 : 1;
