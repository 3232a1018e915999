// Runs a suite over three hosts while things break, many times, and looks whether every test counts once or is named as
// missing, and whether anything of ours is left on a host 30 s after the end.
//
//     npm run build && node scripts/chaos-hosts.mjs [runs, 30] [seed, by the clock]
//
// A run meets one to three faults at random moments: ssh, the agent, a node or a worker is killed, the agent stands still,
// the connection is cut, reset or silent for a while, a host comes late, the disk of a host is full (as root), and now and
// then the run itself is killed or interrupted.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { prepareHost } from '../benchmarks/inside-jest/hosts.mjs';
import { commitAll, writeProject } from '../benchmarks/inside-jest/projects.mjs';

const require = createRequire(import.meta.url);
require('esbuild-register/dist/node').register();
const { childrenOf, leftOn, startSshHosts } = require('../__tests__/support/ssh-hosts.ts');

const runs = Number(process.argv[2] ?? 30);
const seed = Number(process.argv[3] ?? Date.now() % 1_000_000);
const TESTS = 12;
const LEASE_SECONDS = 4;
/** Far above what redials after several faults take. */
const LONGEST_MS = 120_000;
const NAMES = ['ada', 'bob', 'eve'];

/** Mulberry32. */
let state = seed;
function random() {
  state = (state + 0x6d2b79f5) | 0;
  let value = Math.imul(state ^ (state >>> 15), 1 | state);
  value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
  return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
}
const pick = (list) => list[Math.floor(random() * list.length)];
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const ssh = await startSshHosts(NAMES);
const host = prepareHost(30);
const disk = path.join(ssh.folder, 'disk');
const isRoot = process.getuid() === 0;
if (isRoot) {
  mkdirSync(disk);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk]);
}
const dir = writeProject(host, 'hosts-chaos', {
  'package.json': JSON.stringify({ name: 'hosts-chaos', private: true }),
  '.gitignore': 'node_modules\n.jest-distributed\nout.json\n',
  'jest-distributed.config.json': JSON.stringify({
    hosts: {
      targets: [...NAMES.slice(1), { target: 'ada', ...(isRoot && { directory: disk }) }],
      sshConfig: ssh.config,
      install: `ln -sfn '${path.join(host.dir, 'node_modules')}' node_modules`,
    },
  }),
  'large.txt': 'x'.repeat(200_000),
  ...Object.fromEntries(
    Array.from({ length: TESTS }, (_, index) => [
      `t${index}.test.js`,
      `test('t${index}', () => new Promise((resolve) => setTimeout(resolve, 400)));`,
    ]),
  ),
});
commitAll(dir);

const signal = (pid, name) => {
  try {
    if (pid !== undefined) process.kill(pid, name);
  } catch {
    // It has ended.
  }
};
const onHosts = (matches) =>
  ssh
    .processes()
    .filter(({ command }) => matches(command))
    .map(({ pid }) => pid);
const isAgent = (command) => command.startsWith('node -e ');
const isNode = (command) => command.includes('--node-number');
const isWorker = (command) => command.includes('processChild');

/** By name; each makes trouble and mends what would keep a later run from its hosts. */
const FAULTS = {
  'kill-ssh': ({ child }) => {
    const running = childrenOf(child.pid).filter(({ words }) => words[0] === 'ssh');
    signal(pick(running)?.pid, 'SIGKILL');
  },
  'kill-agent': () => signal(pick(onHosts(isAgent)), 'SIGKILL'),
  'kill-node': () => signal(pick(onHosts(isNode)), 'SIGKILL'),
  'kill-worker': () => signal(pick(onHosts(isWorker)), 'SIGKILL'),
  'stop-agent': async () => {
    const pid = pick(onHosts(isAgent));
    signal(pid, 'SIGSTOP');
    await wait(500 + random() * 2 * LEASE_SECONDS * 1000);
    signal(pid, 'SIGCONT');
  },
  cut: () => ssh.linkOf(pick(NAMES)).cut('end'),
  reset: () => ssh.linkOf(pick(NAMES)).cut('reset'),
  stall: async () => {
    const link = ssh.linkOf(pick(NAMES));
    link.stall();
    await wait(500 + random() * 2 * LEASE_SECONDS * 1000);
    link.mend();
  },
  'kill-run': ({ child }) => signal(child.pid, 'SIGKILL'),
  interrupt: ({ child }) => signal(child.pid, 'SIGINT'),
};
const COMMON = ['kill-ssh', 'kill-agent', 'kill-node', 'kill-worker', 'stop-agent', 'cut', 'reset', 'stall'];

function startRun(names) {
  const words = ['run', '--hosts', names.join(','), '--lease-seconds', String(LEASE_SECONDS)];
  rmSync(path.join(dir, 'out.json'), { force: true });
  const child = spawn(process.execPath, [host.ourBin, ...words, '--', '--json', '--outputFile=out.json'], {
    cwd: dir,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const end = new Promise((resolve) => child.on('close', (exitCode) => resolve({ exitCode, stderr })));
  return { child, end };
}

/** Why the end of a run is wrong; null where it is right. */
function judge({ exitCode, stderr }, { isEnded, kills }) {
  if (isEnded) return null;
  if (exitCode !== 0) {
    // Red is right where something of the run itself was killed, or where what is missing is named.
    const isNamed = /was killed by SIG|never ran|ran no tests|was lost|A jest worker process|tests? failed/.test(
      stderr,
    );
    return kills && isNamed ? null : `exit code ${exitCode} without a reason`;
  }
  const { testResults } = JSON.parse(readFileSync(path.join(dir, 'out.json'), 'utf8'));
  const names = testResults.flatMap(({ assertionResults }) =>
    assertionResults.filter(({ status }) => status === 'passed').map(({ fullName }) => fullName),
  );
  if (names.length !== TESTS || new Set(names).size !== TESTS) return `green with the tests ${names.join(', ')}`;
  return stderr.includes(`All ${TESTS} tests passed: each of ${TESTS} files ran exactly once.`)
    ? null
    : 'green without the words of the proof';
}

const counts = {};
const problems = [];
console.log(`seed ${seed}${isRoot ? '' : ', without the full disk, which only root can make'}`);
try {
  for (let number = 1; number <= runs; number++) {
    // The disk of ada is full; where it is not asked for, the other two are enough.
    const isFull = isRoot && random() < 0.2;
    const used = isRoot && !isFull ? ['bob', 'eve'] : NAMES;
    // With one worker Jest runs the tests in its main process.
    const names = used.map((name) => `${name}:${pick([1, 2])}`);
    const late = random() < 0.2 ? 'eve' : null;
    if (late !== null) ssh.linkOf(late).stall();
    const faults = Array.from({ length: 1 + Math.floor(random() * 3) }, () =>
      random() < 0.12 ? pick(['kill-run', 'interrupt']) : pick(COMMON),
    );
    const run = startRun(names);
    const trouble = faults.map(async (name) => {
      await wait(300 + random() * 4_500);
      counts[name] = (counts[name] ?? 0) + 1;
      await FAULTS[name](run);
    });
    if (late !== null) {
      await wait(2_500);
      ssh.linkOf(late).cut('end');
      ssh.linkOf(late).mend();
    }
    const end = await Promise.race([run.end, wait(LONGEST_MS).then(() => null)]);
    if (end === null) {
      console.log(`${number}: ${faults.join(', ')}: WRONG: it did not end`);
      problems.push(number);
      signal(run.child.pid, 'SIGKILL');
      break;
    }
    await Promise.all(trouble);
    for (const name of NAMES) ssh.linkOf(name).mend();
    const left = await leftOn(ssh, 30);
    const problem =
      judge(end, {
        isEnded: faults.includes('kill-run') || faults.includes('interrupt'),
        kills: faults.some((name) => name.startsWith('kill-')) || faults.includes('stop-agent'),
      }) ?? (left.length > 0 ? `left on hosts: ${left.join('; ')}` : null);
    const missing =
      isFull && !end.stderr.includes('[HOST_DISK_FULL]') && end.exitCode === 0 ? 'no word of the full disk' : null;
    const what = [...faults, ...(isFull ? ['full-disk'] : []), ...(late === null ? [] : ['late-host'])].join(', ');
    console.log(
      `${number}: ${what}: exit code ${end.exitCode}${(problem ?? missing) ? ` WRONG: ${problem ?? missing}` : ''}`,
    );
    if (problem ?? missing) {
      problems.push(number);
      console.log(end.stderr.replace(/^/gm, '    '));
    }
  }
} finally {
  if (isRoot) execFileSync('umount', ['-l', disk]);
  ssh.stop();
}
console.log(
  `${runs} runs, faults ${JSON.stringify(counts)}, ${problems.length} wrong${problems.length > 0 ? `: ${problems.join(', ')}` : ''}`,
);
process.exit(problems.length > 0 ? 1 : 0);
