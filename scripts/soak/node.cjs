// A node without Jest: begins its workers, uses fixtures for a while, and ends; or is killed.
const path = require('node:path');
const { resolveOptions } = require('../../dist/options/resolve.js');
const { resolveJest } = require('../../dist/jest/host/resolve-jest.js');
const { beginWorkers } = require('../../dist/jest/workers/begin-workers.js');
const { useFixture } = require('../../dist/worker.js');

const hook = (name) => path.join(__dirname, `${name}.cjs`);

async function main() {
  const flags = {
    'slot-dir': process.env.SOAK_SLOTS,
    ...Object.fromEntries(
      ['node-setup', 'node-teardown', 'worker-setup', 'worker-teardown'].map((name) => [name, hook(name)]),
    ),
  };
  await beginWorkers(resolveJest(__dirname), {
    options: resolveOptions({ flags, environment: {} }),
    identity: {
      number: 1,
      nodes: 1,
      run: { id: 'local', attempt: 1, source: 'default', rerun: 'person', unknownIn: null },
    },
    job: { packageName: 'soak', packageDir: '', rootDir: '', label: null },
    projectDir: __dirname,
    queueNode: null,
    isQueue: false,
    count: 2,
    hasMemoryLimit: false,
    hasTests: true,
    localRun: null,
    runSetups: null,
  });
  console.log('ready');
  await Promise.all([useFixture(require('./node-fixture.cjs')), useFixture(require('./worker-fixture.cjs'))]);
  console.log('used');
  await new Promise((resolve) => setTimeout(resolve, 100));
}

main().then(
  () => process.exit(0),
  (error) => {
    console.error(error.stack);
    process.exit(1);
  },
);
