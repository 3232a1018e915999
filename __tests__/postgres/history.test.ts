import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createPgClient } from '../../src/postgres/client/pg-client';
import type { SqlClient } from '../../src/postgres/client/sql-client';
import { createHistory } from '../../src/postgres/history';
import { createPostgresQueue } from '../../src/postgres/postgres-queue';
import { migrate } from '../../src/postgres/schema/migrate';
import type { QueueHistory } from '../../src/queue/history';
import { NOT_COMPARED } from '../../src/queue/plan-entries';
import { DEFAULT_QUEUE_LIMITS, type Queue } from '../../src/queue/queue';
import { fail, makePastRun, type PastRun, pass } from '../support/past-runs';
import { newSchemaName, startPostgres, type TestPostgres } from '../support/postgres';

let server: TestPostgres;
let client: SqlClient;
let schema: string;
let queue: Queue;
let history: QueueHistory;

beforeAll(async () => {
  server = await startPostgres();
  client = createPgClient({ url: server.url, source: 'the test' });
}, 60_000);
beforeEach(async () => {
  schema = newSchemaName();
  await migrate(client, schema);
  queue = createPostgresQueue(client, schema);
  history = createHistory(client, schema);
});
afterAll(async () => {
  await client?.close();
  await server?.close();
});

const makeRun = (runId: string, commit: string | null, files: PastRun['files'], pipeline = 'web') =>
  makePastRun(queue, { runId, commit, files, pipeline });

describe('the history', () => {
  test('lists runs, newest first, with how they ended', async () => {
    await makeRun('run-1', 'c1', { a: [pass(100)], b: [pass(300)] });
    await makeRun('run-2', 'c2', { a: [fail(100, 'x'), pass(100, 'x')], b: [fail(1, 'y'), fail(1, 'y')] });
    await makeRun('other', null, { a: [pass(5)] }, 'api');
    const [second, first] = await history.runs({ pipeline: 'web' });
    expect(first).toMatchObject({
      runId: 'run-1',
      commit: 'c1',
      state: 'passed',
      items: 2,
      passed: 2,
      busyMs: 400,
      nodes: 1,
    });
    expect(second).toMatchObject({
      runId: 'run-2',
      state: 'failed',
      passed: 1,
      failed: 1,
      flaky: 1,
      poison: 0,
      attempt: 1,
    });
    expect(new Date(first?.createdAt as string).getTime()).toBeLessThanOrEqual(
      new Date(second?.createdAt as string).getTime(),
    );
    expect(await history.runs({ limit: 2 })).toHaveLength(2);
    expect(await history.runs({ days: 0 })).toEqual([]);
  });

  test('says which runs were cancelled and which were abandoned', async () => {
    const entries = [{ file: { project: null, path: 'a' }, part: null, estimate: 1, home: null }];
    for (const runId of ['left', 'stopped', 'going']) {
      const { session } = await queue.join({
        ...{
          pipeline: 's',
          runId,
          attempt: 1,
          node: '1',
          home: null,
          host: null,
          token: runId,
          inputs: { ...NOT_COMPARED, settings: {} },
          changes: null,
          job: null,
          digest: 'd',
        },
        ...{ commit: null, entries, limits: DEFAULT_QUEUE_LIMITS, rerun: 'failed' as const },
      });
      if (runId === 'left') await queue.leave(session);
      if (runId === 'stopped') await queue.cancel(session, 'Ann');
    }
    expect((await history.runs()).map(({ runId, state, cancelledBy }) => [runId, state, cancelledBy])).toEqual([
      ['going', 'running', null],
      ['stopped', 'cancelled', 'Ann'],
      ['left', 'abandoned', null],
    ]);
  });

  test('follows a file over runs, and a test where no file has that name', async () => {
    await makeRun('run-1', 'c1', { 'src/a.test.js': [pass(100, 'adds numbers')], 'src/data.test.js': [pass(1)] });
    await makeRun('run-2', 'c2', { 'src/a.test.js': [fail(120, 'adds numbers'), pass(110, 'adds numbers')] });
    const runs = await history.executions('a.test.js');
    expect(runs.map(({ runId, outcome, decision, durationMs }) => [runId, outcome, decision, durationMs])).toEqual([
      ['run-2', 'passed', 'accepted', 110],
      ['run-2', 'failed', 'retried', 120],
      ['run-1', 'passed', 'accepted', 100],
    ]);
    const tests = await history.executions('ADDS num');
    expect(tests.map(({ runId, test: name, outcome, durationMs }) => [runId, name, outcome, durationMs])).toEqual([
      ['run-2', 'adds numbers', 'passed', 55],
      ['run-2', 'adds numbers', 'failed', 60],
      ['run-1', 'adds numbers', 'passed', 50],
    ]);
    expect(await history.executions('nothing of that name')).toEqual([]);
  });

  test('finds the run that another is compared with: of the nearest commit, else the newest that finished', async () => {
    await makeRun('run-1', 'c1', { a: [fail(90, 'x'), fail(100, 'x')], b: [pass(300)] });
    await makeRun('run-2', 'c2', { a: [pass(120)], b: [pass(310)] });
    await makeRun('run-3', 'elsewhere', { a: [pass(1)] });
    await makeRun('other', 'c1', { a: [pass(5)] }, 'api');
    const base = await history.base('web', 'run-4', ['c4', 'c1', 'c2']);
    expect(base).toMatchObject({ runId: 'run-1', commit: 'c1' });
    const results = [...(base?.results ?? [])].sort((one, other) => one.file.path.localeCompare(other.file.path));
    expect(results.map(({ file, durationMs, ok, failed }) => [file.path, durationMs, ok, failed])).toEqual([
      ['a', 100, false, ['x']],
      ['b', 300, true, []],
    ]);
    expect(await history.base('web', 'run-3', ['unknown'])).toMatchObject({ runId: 'run-2' });
    expect(await history.base('nothing', 'run-1', [])).toBeNull();
  });

  test('calls flaky what passed and failed on one commit, in one run or over several', async () => {
    await makeRun('run-1', 'c1', { a: [fail(9, 'shaky', 'firm'), pass(9, 'shaky', 'firm')], b: [pass(9, 'fine')] });
    await makeRun('run-2', 'c1', { b: [fail(9, 'fine'), fail(9, 'fine')], c: [pass(9, 'steady')] });
    await makeRun('run-3', 'c2', { c: [fail(9, 'steady'), fail(9, 'steady')] });
    await makeRun('run-4', null, { c: [fail(9, 'steady'), pass(9, 'steady')] });
    await makeRun('run-5', 'c3', { d: [{ ms: 9, fails: true }, pass(9, 'loads')] });
    const found = await history.flaky();
    expect(
      found.map(({ file, test: name, passed, failed, commits }) => [file.path, name, passed, failed, commits]),
    ).toEqual([
      ['b', 'fine', 1, 2, 1],
      ['d', null, 1, 1, 1],
      ['a', 'shaky', 1, 1, 1],
    ]);
  });

  test('tells why each run failed, and every try of a test', async () => {
    const shaky = { ...fail(9, 'shaky', 'firm'), errors: { shaky: 'Error: first\n    at x' } };
    const twice = { ...pass(9, 'twice'), earlier: { twice: ['Error: once', 'Error: and again'] } };
    await makeRun('run-1', 'c1', { a: [shaky, pass(9, 'shaky', 'firm')], b: [twice] });
    const found = await history.flaky();
    expect(found.map(({ test: name, passed, failed, failures }) => [name, passed, failed, failures])).toEqual([
      [
        ...['twice', 1, 2],
        ['Error: and again', 'Error: once'].map((error) =>
          expect.objectContaining({ runId: 'run-1', node: '1', wasRerun: true, error }),
        ),
      ],
      [
        ...['shaky', 1, 1],
        [expect.objectContaining({ attempt: 1, claimNumber: 1, wasRerun: false, error: 'Error: first\n    at x' })],
      ],
    ]);
    expect(new Date(found[0]?.failures[0]?.finishedAt as string).getTime()).toBeGreaterThan(Date.now() - 60_000);
    const [passed, failed] = await history.executions('a');
    expect(passed).toMatchObject({ error: null, failed: [], retries: [] });
    expect(failed).toMatchObject({ failed: [{ test: 'shaky', error: 'Error: first\n    at x' }], retries: [] });
    expect(failed?.error).toMatch(/^it . broke .$/);
    const retries = [{ test: 'twice', errors: ['Error: once', 'Error: and again'] }];
    expect(await history.executions('b')).toMatchObject([{ error: null, failed: [], retries }]);
    expect(await history.executions('twice')).toMatchObject([{ test: 'twice', outcome: 'passed', retries }]);
  });

  test('counts a campaign by its runs, and names its verdict beside what runs of the suite found', async () => {
    const found = {
      verdict: 'GENUINE',
      condition: 'alone',
      failures: 7,
      runs: 120,
      interval: { low: 0.03, high: 0.1 },
    };
    const clean = { verdict: 'NOT-REPRODUCED', failures: 0, runs: 120 };
    const detail = {
      tests: [
        {
          ...{ name: 'shaky', status: 'passed', durationMs: 3, grind: { ...found, command: ['npx', 'it'] } },
          tries: ['Error: seldom', 'Error: often'].map((error) => ({ error, durationMs: null })),
        },
        { name: 'firm', status: 'passed', durationMs: 4, grind: clean },
      ],
      ...{ failure: null, retriedTests: 1, grind: { seed: 5, probes: 130, files: 1, whole: clean } },
    };
    const loads = { ...found, verdict: 'CONTENTION', failures: 1, runs: 4 };
    const unloaded = { tests: [], failure: 'no module', grind: { seed: 5, probes: 4, files: 1, whole: loads } };
    await makeRun('run-1', 'c1', { a: [fail(9, 'shaky', 'firm'), pass(9, 'shaky', 'firm')] });
    // Without a commit it is compared with itself.
    await makeRun('g-1', null, { a: [{ ms: 60_000, detail }], b: [{ ms: 1, detail: unloaded }] }, 'web: grind');
    const lastCampaign = { ...found, runId: 'g-1', command: ['npx', 'it'], interval: undefined };
    expect(
      (await history.flaky()).map((one) => [
        one.pipeline,
        one.file.path,
        one.test,
        one.passed,
        one.failed,
        one.lastCampaign,
      ]),
    ).toEqual([
      ['web: grind', 'a', 'shaky', 113, 7, expect.objectContaining({ verdict: 'GENUINE', runs: 120 })],
      ['web: grind', 'b', null, 3, 1, expect.objectContaining({ verdict: 'CONTENTION', failures: 1, command: null })],
      ['web', 'a', 'shaky', 1, 1, expect.objectContaining(JSON.parse(JSON.stringify(lastCampaign)))],
    ]);
    const [shaky, whole] = await history.flaky({ pipeline: 'web: grind' });
    expect(shaky?.failures.map(({ error, wasRerun }) => [error, wasRerun])).toEqual([
      ['Error: often', false],
      ['Error: seldom', false],
    ]);
    expect(whole?.failures).toMatchObject([{ error: 'no module' }]);
    const [campaign, , suite] = await history.executions('a');
    expect(campaign).toMatchObject({ outcome: 'passed', retries: [] });
    expect(campaign?.campaign?.findings.map(({ test: name, runs }) => [name, runs])).toEqual([
      ['shaky', 120],
      ['firm', 120],
    ]);
    expect(suite?.campaign).toBeNull();
    // What a campaign takes says nothing of the suite.
    expect((await history.slow('files')).map(({ pipeline }) => pipeline)).toEqual(['web']);
    expect((await history.slow('tests', { pipeline: 'web: grind' })).length).toBe(2);
    expect(await history.estimates('web', null)).toMatchObject([{ meanMs: 9 }]);
  });

  test('finds what is slow', async () => {
    await makeRun('run-1', 'c1', { a: [pass(100, 'x')], b: [pass(300, 'y')] });
    await makeRun('run-2', 'c2', { a: [pass(200, 'x')], b: [fail(9000, 'y'), fail(9000, 'y')] });
    expect(await history.slow('files')).toMatchObject([
      { file: { path: 'b' }, executions: 1, meanMs: 300, longestMs: 300 },
      { file: { path: 'a' }, executions: 2, meanMs: 150, longestMs: 200 },
    ]);
    expect(await history.slow('tests', { limit: 1 })).toMatchObject([{ test: 'y', meanMs: 150 }]);
  });

  test('learns durations from what passed, and ignores noise', async () => {
    await makeRun('run-1', 'c1', { a: [pass(100)], b: [fail(50, 'x'), fail(50, 'x')] });
    expect(await history.estimates('web', null)).toEqual([
      { file: { project: null, path: 'a' }, part: null, meanMs: 100, failedLast: false },
      { file: { project: null, path: 'b' }, part: null, meanMs: null, failedLast: true },
    ]);
    await makeRun('run-2', 'c1', { a: [pass(115)] });
    expect((await history.estimates('web', null))[0]?.meanMs).toBe(100);
    await makeRun('run-3', 'c1', { a: [pass(200)] });
    expect((await history.estimates('web', null))[0]?.meanMs).toBe(130);
    expect(await history.estimates('api', null)).toEqual([]);
  });

  test('knows what failed in the last run of a branch, and where it has none in the last of all', async () => {
    const run = (runId: string, branch: string, files: PastRun['files']) =>
      makePastRun(queue, { ...{ pipeline: 'web', commit: 'c1' }, runId, branch, files });
    await run('run-1', 'main', { a: [fail(1, 'x'), fail(1, 'x')], b: [pass(1)], c: [fail(1, 'y'), pass(1, 'y')] });
    await run('run-2', 'fix', { a: [pass(1)], b: [fail(1, 'x'), fail(1, 'x')], c: [pass(1)] });
    const failedLast = async (branch: string | null) =>
      (await history.estimates('web', branch)).filter((one) => one.failedLast).map(({ file }) => file.path);
    expect(await failedLast('main')).toEqual(['a']);
    expect(await failedLast('fix')).toEqual(['b']);
    expect(await failedLast('new')).toEqual(['b']);
    expect(await failedLast(null)).toEqual(['b']);
  });

  test('forgets by age, and nothing that is still going on', async () => {
    await makeRun('old', 'c1', { a: [pass(1)], gone: [pass(1), pass(1)] });
    await makeRun('new', 'c2', { a: [pass(1)] });
    const entries = [{ file: { project: null, path: 'a' }, part: null, estimate: 1, home: null }];
    await queue.join({
      ...{
        pipeline: 'web',
        runId: 'live',
        attempt: 1,
        node: '1',
        home: null,
        host: null,
        token: 't',
        digest: 'd',
        inputs: { ...NOT_COMPARED, settings: {} },
        changes: null,
        job: null,
      },
      ...{ commit: null, entries, limits: DEFAULT_QUEUE_LIMITS, rerun: 'failed' as const },
    });
    await client.query(`UPDATE ${schema}.run SET created_at = created_at - interval '91 days' WHERE key <> 'new'`);
    expect(await history.prune(90)).toEqual({ runs: 1, executions: 2, files: 1 });
    expect((await history.runs()).map(({ runId }) => runId)).toEqual(['new', 'live']);
    expect(await history.executions('gone')).toEqual([]);
    await expect(history.prune(-1)).rejects.toMatchObject({
      code: 'PRUNE_AGE_INVALID',
      message: expect.stringContaining('-1 is not an age'),
    });
  });

  test('survives text that jsonb refuses', async () => {
    await makeRun('run-1', 'c1', { a: [fail(1, 'half \ud800 pair and \0'), fail(1, 'z')] });
    const [row] = await client.query(`SELECT detail ->> 'failure' AS failure FROM ${schema}.execution LIMIT 1`);
    expect(row).toEqual({ failure: 'it \ufffd broke \ufffd' });
  });
});
