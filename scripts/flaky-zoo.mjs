/**
 * Campaigns over examples/flaky, whose tests are flaky in known ways: how often `grind` names the right kind, and
 * whether `bisect` names the right polluter with few enough runs. Takes minutes for each campaign.
 *
 *     npm run build && node scripts/flaky-zoo.mjs [campaigns] [times]
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const [campaigns = 20, times = 20] = process.argv.slice(2).map(Number);

/** Verdict of each file; those that are not here are clean. */
const KINDS = {
  time: 'GENUINE',
  race: 'GENUINE',
  'random-seed': 'GENUINE',
  'unhandled-rejection': 'GENUINE',
  'order-in-file': 'ORDER-DEPENDENT',
  'fake-timers': 'ORDER-DEPENDENT',
  'reads-hostname': 'ORDER-DEPENDENT',
  'port-api': 'CONTENTION',
  'port-web': 'CONTENTION',
  'folder-export': 'CONTENTION',
  load: 'CONTENTION',
};

const BISECTS = [
  {
    files: ['clean-a', 'race', 'clean-b', 'sets-hostname', 'time', 'clean-c', 'clean-d', 'reads-hostname'],
    test: 'a report names the real host',
    culprits: ['zoo/sets-hostname.test.js'],
    count: 7,
  },
  { files: ['order-in-file'], test: 'a new cart is empty', culprits: ['takes an item'], count: 2 },
  { files: ['fake-timers'], test: 'waits for a while', culprits: ['a reminder comes after a day'], count: 2 },
];

const folder = mkdtempSync(path.join(tmpdir(), 'flaky-zoo-'));
cpSync(path.join(root, 'examples', 'flaky'), folder, { recursive: true });
symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'), 'dir');

function ours(...args) {
  const { stdout } = spawnSync(process.execPath, [path.join(root, 'dist', 'cli.js'), ...args], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return stdout;
}

const pathOf = (name) => `zoo/${name}.test.js`;
const nameOf = (file) => path.basename(file, '.test.js');

/** One campaign over all files. @returns what was wrong, by file. */
function campaign() {
  const out = path.join(folder, 'grind.json');
  ours('grind', 'zoo', '--times', String(times), '--fail-on', 'none', '--json', 'grind.json');
  const { tests, seed, durationMs, runs } = JSON.parse(readFileSync(out, 'utf8'));
  const found = new Map();
  for (const { file, verdict } of tests) found.set(nameOf(file), [...(found.get(nameOf(file)) ?? []), verdict]);
  const wrong = new Map();
  for (const [name, kind] of Object.entries(KINDS)) {
    const verdicts = found.get(name) ?? ['none'];
    if (verdicts.some((verdict) => verdict !== kind)) wrong.set(name, verdicts.join(', '));
  }
  for (const name of found.keys()) if (!(name in KINDS)) wrong.set(name, `clean, but ${found.get(name).join(', ')}`);
  console.log(
    `seed ${seed}: ${runs} runs in ${Math.round(durationMs / 1000)} s, wrong: ${JSON.stringify(Object.fromEntries(wrong))}`,
  );
  return wrong;
}

try {
  let failed = false;
  for (const { files, test, culprits, count } of BISECTS) {
    const {
      kind,
      culprits: named,
      probes,
    } = JSON.parse(ours('bisect', ...files.map(pathOf), '--test', test, '--json'));
    const isRight = JSON.stringify(named) === JSON.stringify(culprits) && probes <= 2 * Math.log2(count) + 10;
    failed ||= !isRight;
    console.log(`${isRight ? 'right' : 'WRONG'}: ${test}: ${kind}, ${named.join(', ')}, ${probes} runs`);
  }
  const wrong = new Map();
  for (let index = 1; index <= campaigns; index++) {
    for (const name of campaign().keys()) wrong.set(name, (wrong.get(name) ?? 0) + 1);
  }
  for (const name of new Set([...Object.keys(KINDS), ...wrong.keys()])) {
    const right = campaigns - (wrong.get(name) ?? 0);
    failed ||= right / campaigns < 0.95;
    console.log(`${name.padEnd(22)} ${right} of ${campaigns} right`);
  }
  process.exitCode = failed ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
