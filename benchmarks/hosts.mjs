/**
 * What `run --hosts` costs over a real ssh to servers on this machine.
 *
 *   npm run build && node benchmarks/hosts.mjs [--rounds 7] [--files 10000] [--tests 60] [--only sync|cpu|wall]
 *
 * sync: how long a host takes, from the first byte of ssh until it is ready, whose copy of 10,000 files is unchanged, has one
 * change, and is not there yet. cpu: CPU time (user + system) of a run over one host, with that of its server, against
 * `run --local --nodes 1 --queue`, in turns; the ratio is that of one round. wall: three hosts of one worker each against
 * one, for tests that wait. Exit code 1 where the unchanged copy takes longer than 1 s, or the median ratio is above 1.05.
 *
 * It needs sshd and rsync, and no right of root.
 */
import { appendFileSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { loadavg } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { prepareHost } from './inside-jest/hosts.mjs';
import { measurePassing } from './inside-jest/measured-process.mjs';
import { compare, inMs, inSeconds, inTurns, judge, median, ratio, table, withInterval } from './inside-jest/paired.mjs';
import { commitAll, writeProject } from './inside-jest/projects.mjs';

const require = createRequire(import.meta.url);
require('esbuild-register/dist/node').register();
const { leftOn, startSshHosts } = require('../__tests__/support/ssh-hosts.ts');

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    files: { type: 'string', default: '10000' },
    tests: { type: 'string', default: '60' },
    only: { type: 'string' },
  },
});
const rounds = Number(options.rounds);
const promisedSyncMs = 1000;
const promisedRatio = 1.05;

const host = prepareHost(30);
const ssh = await startSshHosts(['ada', 'bob', 'eve'], {}, true);
const isAsked = (part) => options.only === undefined || options.only === part;

function writeSuite(name, files) {
  const dir = writeProject(host, name, {
    'package.json': JSON.stringify({ name, private: true }),
    '.gitignore': 'node_modules\n.jest-distributed\n',
    'jest-distributed.config.json': JSON.stringify({
      hosts: {
        targets: ['ada', 'bob', 'eve'],
        sshConfig: ssh.config,
        install: `ln -sfn '${path.join(host.dir, 'node_modules')}' node_modules`,
      },
    }),
    ...files,
  });
  commitAll(dir);
  return dir;
}

const runArgs = (...args) => [host.ourBin, 'run', ...args];

/** Milliseconds that the host says it took, and what it did. */
function readyOf({ stderr }) {
  const [, amount, unit, what] = /^\w+: ready in ([\d.]+) (ms|s): (.*)$/m.exec(stderr) ?? [];
  if (amount === undefined) throw new Error(`no host was ready:\n${stderr.slice(-2000)}`);
  return { ms: Number(amount) * (unit === 's' ? 1000 : 1), what };
}

async function measureSync() {
  const count = Number(options.files);
  const dir = writeSuite('hosts-sync', {
    'a.test.js': "test('a', () => {});",
    ...Object.fromEntries(
      Array.from({ length: count }, (_, index) => [
        `src/part-${index % 100}/module-${index}.js`,
        `exports.value = ${index};\n${'// what a source file holds besides\n'.repeat(40)}`,
      ]),
    ),
  });
  const run = async () => readyOf(await measurePassing(dir, runArgs('--hosts', 'ada:1')));
  const first = await run();
  const [unchanged, changed] = [[], []];
  for (let round = 0; round < rounds; round++) {
    unchanged.push((await run()).ms);
    appendFileSync(path.join(dir, 'src/part-1/module-1.js'), '// more\n');
    changed.push((await run()).ms);
  }
  console.log(`\nA copy of ${count} files on one host, ${rounds} rounds`);
  console.log(
    table([
      ['', 'until ready', 'slowest'],
      [`first: ${first.what}`, inMs(first.ms), ''],
      ['unchanged', inMs(median(unchanged)), inMs(Math.max(...unchanged))],
      ['one file changed', inMs(median(changed)), inMs(Math.max(...changed))],
    ]),
  );
  rmSync(dir, { recursive: true, force: true });
  judge('unchanged copy of 10,000 files', median(unchanged), promisedSyncMs, inMs);
}

const sleeping = (ms) => `test('waits', () => new Promise((resolve) => setTimeout(resolve, ${ms})));\n`;

/** What has ended below the servers, in milliseconds; the kernel counts in hundredths of a second. */
const serverCpuMs = () =>
  ssh.servers.reduce((sum, pid) => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const [, , , , , , , , , , , user, system, childUser, childSystem] = stat
      .slice(stat.lastIndexOf(')') + 1)
      .split(' ');
    return sum + [user, system, childUser, childSystem].reduce((all, ticks) => all + Number(ticks) * 10, 0);
  }, 0);

async function measureCpu() {
  const count = Number(options.tests);
  const busy = `test('works', () => { let sum = 0; for (let i = 0; i < 2e7; i++) sum += i; expect(sum).toBeGreaterThan(0); });\n`;
  const dir = writeSuite(
    'hosts-cpu',
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`t${index}.test.js`, busy])),
  );
  const measure = async (...args) => {
    const before = serverCpuMs();
    const { cpuMs, wallMs, stderr } = await measurePassing(dir, runArgs(...args));
    if (!stderr.includes(`each of ${count} files ran exactly once`)) throw new Error(stderr.slice(-2000));
    // What has not ended is not counted yet.
    await leftOn(ssh, 10);
    return { wallMs, cpuMs: cpuMs + serverCpuMs() - before };
  };
  const rivals = {
    local: () => measure('--local', '--nodes', '1', '--queue', '--', '--maxWorkers=2'),
    hosts: () => measure('--hosts', 'ada:2'),
  };
  for (const rival of Object.values(rivals)) await rival();
  const results = await inTurns(rivals, rounds);
  const of = (name, what) => results[name].map((one) => one[what]);
  const compared = compare(of('hosts', 'cpuMs'), of('local', 'cpuMs'), ratio);
  const show = (value) => value.toFixed(3);
  console.log(`\n${count} files of some work each, two workers, ${rounds} rounds`);
  console.log(
    table([
      ['', 'CPU', 'wall', 'CPU ratio'],
      [
        'run --local --nodes 1 --queue',
        inSeconds(median(of('local', 'cpuMs'))),
        inSeconds(median(of('local', 'wallMs'))),
        '-',
      ],
      [
        'run --hosts with one host',
        inSeconds(median(of('hosts', 'cpuMs'))),
        inSeconds(median(of('hosts', 'wallMs'))),
        withInterval(compared, show),
      ],
    ]),
  );
  rmSync(dir, { recursive: true, force: true });
  judge('CPU of one host / run --local --queue', compared.median, promisedRatio, show);
}

async function measureWall() {
  const dir = writeSuite(
    'hosts-wall',
    Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`t${index}.test.js`, sleeping(1000)])),
  );
  const measure = (...args) => measurePassing(dir, runArgs(...args));
  const rivals = {
    one: () => measure('--hosts', 'ada:1'),
    three: () => measure('--hosts', 'ada:1,bob:1,eve:1'),
  };
  for (const rival of Object.values(rivals)) await rival();
  const results = await inTurns(rivals, Math.min(rounds, 3));
  const wall = (name) => median(results[name].map(({ wallMs }) => wallMs));
  console.log('\n30 files that wait for a second each, one worker a host');
  console.log(
    table([
      ['', 'wall'],
      ['one host', inSeconds(wall('one'))],
      ['three hosts', inSeconds(wall('three'))],
    ]),
  );
  rmSync(dir, { recursive: true, force: true });
}

try {
  console.log(`Node ${process.versions.node}, load ${loadavg()[0].toFixed(1)}`);
  if (isAsked('sync')) await measureSync();
  if (isAsked('cpu')) await measureCpu();
  if (isAsked('wall')) await measureWall();
} finally {
  ssh.stop();
}
