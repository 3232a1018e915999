/**
 * Campaigns over examples/flaky, whose tests are flaky in known ways: how often `grind` names the right kind, and
 * whether `bisect` names the right polluter with few enough runs. One at a time on a machine: the zoo shares a port.
 *
 *     npm run build && npm run test:flaky -- --seeds 901,902 [--times 6] [--no-bisect] [--json folder]
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const { values: given } = parseArgs({
  options: {
    seeds: { type: 'string' },
    times: { type: 'string', default: '6' },
    'no-bisect': { type: 'boolean', default: false },
    /** Keeps what each campaign saw. */
    json: { type: 'string' },
  },
});
const seeds = (given.seeds ?? Array.from({ length: 20 }, () => Math.floor(Math.random() * 2 ** 31)).join(','))
  .split(',')
  .filter(Boolean)
  .map(Number);

/** Verdict of each file; those that are not here are clean. */
const KINDS = {
  time: 'GENUINE',
  race: 'GENUINE',
  'random-seed': 'GENUINE',
  'unhandled-rejection': 'GENUINE',
  'order-in-file': 'ORDER-DEPENDENT',
  'fake-timers': 'ORDER-DEPENDENT',
  'left-mock': 'ORDER-DEPENDENT',
  'left-env': 'ORDER-DEPENDENT',
  'reads-hostname': 'ORDER-DEPENDENT',
  'reads-cache': 'ORDER-DEPENDENT',
  'counts-listeners': 'ORDER-DEPENDENT',
  'counts-handles': 'ORDER-DEPENDENT',
  'port-api': 'CONTENTION',
  'port-web': 'CONTENTION',
  'folder-export': 'CONTENTION',
  'database-orders': 'CONTENTION',
  'database-refunds': 'CONTENTION',
  load: 'CONTENTION',
};

const BESIDE = ['clean-a', 'race', 'port-web', 'clean-b', 'time', 'database-orders', 'clean-c', 'folder-import'];

const BISECTS = [
  {
    files: ['clean-a', 'race', 'clean-b', 'sets-hostname', 'time', 'clean-c', 'clean-d', 'reads-hostname'],
    test: 'a report names the real host',
    culprits: ['zoo/sets-hostname.test.js'],
  },
  {
    files: ['clean-a', 'writes-cache', 'race', 'clean-b', 'sets-hostname', 'time', 'clean-c', 'reads-cache'],
    test: 'without a cache there is no price',
    culprits: ['zoo/writes-cache.test.js'],
  },
  {
    files: ['leaves-listener', 'clean-a', 'race', 'sets-hostname', 'clean-b', 'time', 'clean-c', 'counts-listeners'],
    test: 'a closed table listens to nothing',
    culprits: ['zoo/leaves-listener.test.js'],
  },
  {
    files: ['clean-a', 'race', 'writes-cache', 'clean-b', 'time', 'leaves-server', 'clean-d', 'counts-handles'],
    test: 'a closed server leaves no handle',
    culprits: ['zoo/leaves-server.test.js'],
  },
  { files: ['order-in-file'], test: 'a new cart is empty', culprits: ['takes an item'], count: 2 },
  { files: ['fake-timers'], test: 'waits for a while', culprits: ['a reminder comes after a day'], count: 2 },
  { files: ['left-mock'], test: 'two ids are different', culprits: ['an id goes into the link'], count: 2 },
  { files: ['left-env'], test: 'a price is in euros', culprits: ['the currency can be set'], count: 1 },
  {
    files: [...BESIDE, 'port-api'],
    test: 'the api server starts',
    culprits: ['zoo/port-web.test.js'],
    isBeside: true,
  },
  {
    files: [...BESIDE, 'folder-export'],
    test: 'an export can be read',
    culprits: ['zoo/folder-import.test.js'],
    isBeside: true,
  },
  {
    files: [...BESIDE, 'database-refunds'],
    test: 'a refund is the only row with a negative amount',
    culprits: ['zoo/database-orders.test.js'],
    isBeside: true,
  },
];

const folder = mkdtempSync(path.join(tmpdir(), 'flaky-zoo-'));
cpSync(path.join(root, 'examples', 'flaky'), folder, { recursive: true });
symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'), 'dir');
// What its tests leave on disk, also in folders named by a process that is gone.
mkdirSync(path.join(folder, 'tmp'));

function ours(...args) {
  const { stdout } = spawnSync(process.execPath, [path.join(root, 'dist', 'cli.js'), ...args], {
    cwd: folder,
    env: { ...process.env, TMPDIR: path.join(folder, 'tmp') },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return stdout;
}

const pathOf = (name) => `zoo/${name}.test.js`;
const nameOf = (file) => path.basename(file, '.test.js');
const loadText = () => loadavg()[0].toFixed(1);

/** One campaign over all files. @returns what was wrong, by file. */
function campaign(seed) {
  const loadBefore = loadText();
  const out = path.join(folder, 'grind.json');
  const flags = ['--times', given.times, '--seed', String(seed), '--fail-on', 'none', '--json', 'grind.json'];
  ours('grind', 'zoo', ...flags);
  const { tests, durationMs, runs } = JSON.parse(readFileSync(out, 'utf8'));
  if (given.json !== undefined) cpSync(out, path.join(given.json, `${seed}.json`));
  const found = new Map();
  for (const { file, verdict } of tests) found.set(nameOf(file), [...(found.get(nameOf(file)) ?? []), verdict]);
  const wrong = new Map();
  for (const [name, kind] of Object.entries(KINDS)) {
    const verdicts = found.get(name) ?? ['none'];
    if (verdicts.some((verdict) => verdict !== kind)) wrong.set(name, verdicts.join(', '));
  }
  for (const name of found.keys()) if (!(name in KINDS)) wrong.set(name, `clean, but ${found.get(name).join(', ')}`);
  console.log(
    `seed ${seed}: ${runs} runs in ${Math.round(durationMs / 1000)} s, load ${loadBefore} to ${loadText()}, wrong: ${JSON.stringify(Object.fromEntries(wrong))}`,
  );
  return wrong;
}

/** @returns whether it names who is to blame, with at most 2·log2(n) + 10 runs. */
function isFound({ files, test, culprits, isBeside, count = files.length - 1 }) {
  const flags = ['--test', test, '--json', ...(isBeside ? ['--beside'] : [])];
  const { kind, culprits: named, probes } = JSON.parse(ours('bisect', ...files.map(pathOf), ...flags));
  const most = Math.floor(2 * Math.log2(count) + 10);
  const isRight = JSON.stringify(named) === JSON.stringify(culprits) && probes <= most;
  console.log(
    `${isRight ? 'right' : 'WRONG'}: ${test}: ${kind}, ${named.join(', ')}, ${probes} runs of at most ${most}`,
  );
  return isRight;
}

try {
  const found = given['no-bisect'] ? [] : BISECTS.map(isFound);
  const wrong = new Map();
  for (const seed of seeds) for (const name of campaign(seed).keys()) wrong.set(name, (wrong.get(name) ?? 0) + 1);
  const shares = [...new Set([...Object.keys(KINDS), ...wrong.keys()])].map((name) => {
    const right = seeds.length - (wrong.get(name) ?? 0);
    console.log(`${name.padEnd(22)} ${right} of ${seeds.length} right`);
    return right / seeds.length;
  });
  process.exitCode = found.includes(false) || shares.some((share) => share < 0.95) ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
