// `npm run example`: builds the package and runs examples/basic over nodes on this machine, twice.
//
// Nothing is installed for it: the example finds this repository's own Jest in the folders above it. One node after the
// other and one worker a node, so that a node's time is that of a machine of its own and can be compared with its plan.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const example = path.join(root, 'examples', 'basic');
const timings = path.join('.jest-distributed', 'timings.json');
const nodes = process.argv[2] ?? '4';

function run(cwd, ...args) {
  const { status } = spawnSync(process.execPath, args, { cwd, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

function step(title, ...args) {
  console.log(`\n${title}\n  jest-distributed ${args.join(' ')}\n`);
  run(example, path.join(root, 'dist', 'cli.js'), ...args);
}

const local = ['run', '--local', '--nodes', nodes, '--sequential', '--', '--maxWorkers=1'];

run(root, path.join(root, 'scripts', 'build.mjs'));
// From the beginning each time: the first run is the one that knows nothing.
rmSync(path.join(example, '.jest-distributed'), { recursive: true, force: true });
step(`The first run knows no durations and records them in examples/basic/${timings}.`, ...local);
step('The second run deals the files by these durations.', ...local);
step(
  'What they are worth, beside what jest --shard would deal.',
  'plan',
  '--nodes',
  nodes,
  '--compare',
  '--timings',
  timings,
);
