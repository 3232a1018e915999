/** Jest's `runner` of the test projects: the queue runner over the project's own jest-runner, set up by variables. */
require('esbuild-register/dist/node').register();
const { createRequire } = require('node:module');
const { randomUUID } = require('node:crypto');
const path = require('node:path');
const { fileKey } = require('../../../src/plan/item');
const { openPostgresQueue } = require('../../../src/postgres/open-queue');
const { makeQueueRunner } = require('../../../src/jest/queue/runner');
const { DEFAULT_QUEUE_LIMITS } = require('../../../src/queue/queue');

const settings = JSON.parse(process.env.QUEUE_TEST);
const fromCore = createRequire(createRequire(`${settings.jest}/package.json`).resolve('@jest/core'));
const { default: Base } = createRequire(fromCore.resolve('jest-config'))('jest-runner');

module.exports = makeQueueRunner(Base, async (tests, { rootDir }) => {
  const named = tests.map((test) => {
    const project = test.context.config.displayName?.name ?? null;
    return { test, file: { project, path: path.relative(rootDir, test.path) } };
  });
  const queue = await openPostgresQueue({
    url: settings.url,
    source: '--database-url',
    schema: settings.schema,
    ...settings.client,
  });
  const { session } = await queue.join({
    pipeline: 'runner',
    runId: settings.runId,
    attempt: settings.attempt ?? 1,
    node: settings.node,
    home: null,
    host: null,
    token: randomUUID(),
    digest: settings.digest ?? 'd',
    inputs: { contents: null, configs: {}, changed: {}, settings: {} },
    changes: null,
    job: null,
    commit: settings.commit ?? null,
    entries: named.map(({ file }) => ({ file, part: null, estimate: settings.estimate ?? 100, home: null })),
    limits: { ...DEFAULT_QUEUE_LIMITS, ...settings.limits },
    rerun: 'failed',
  });
  const byKey = new Map(named.map(({ test, file }) => [fileKey(file), test]));
  return { queue, session, testOf: (key) => byKey.get(key), close: () => queue.close() };
});
