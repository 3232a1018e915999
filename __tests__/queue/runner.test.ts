import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { createPgClient } from '../../src/postgres/client/pg-client';
import type { SqlClient } from '../../src/postgres/client/sql-client';
import { createPostgresQueue } from '../../src/postgres/postgres-queue';
import { migrate } from '../../src/postgres/schema/migrate';
import type { Queue } from '../../src/queue/queue';
import { joinRequest } from '../contracts/queue';
import { newSchemaName, startPostgres, type TestPostgres } from '../support/postgres';
import { jests, makeProject, type NodeEvent, type Project } from '../support/queue-project';

jest.setTimeout(120_000);

const schema = newSchemaName();
let server: TestPostgres;
let admin: SqlClient;
let queue: Queue;
let runs = 0;

beforeAll(async () => {
  server = await startPostgres();
  admin = createPgClient({ url: server.url, source: 'the test' });
  await migrate(admin, schema);
  queue = createPostgresQueue(admin, schema);
});
afterAll(async () => {
  await admin?.query(`DROP SCHEMA ${schema} CASCADE`);
  await queue?.close();
  await server?.close();
});

const passing = "test('passes', () => expect(1 + 1).toBe(2));\n";
const failing = "test('fails', () => expect(1 + 1).toBe(3));\n";
const slow = (ms: number) => `test('takes its time', () => new Promise((done) => setTimeout(done, ${ms})));\n`;

function manyFiles(count: number, content: (index: number) => string = () => passing): Record<string, string> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`t${String(i).padStart(2, '0')}.test.js`, content(i)]),
  );
}

/** What another node would join with. */
async function requestOf(runId: string) {
  const [row] = await admin.query(`SELECT digest FROM ${schema}.run WHERE key = $1`, [runId]);
  return joinRequest({ pipeline: 'runner', runId, digest: String(row?.digest) });
}

const resultsOf = (events: NodeEvent[]) => events.filter(({ kind }) => kind === 'result');

describe.each(jests)('the runner on Jest $version', ({ folder: jestFolder }) => {
  const projects: Project[] = [];
  afterAll(() => {
    for (const project of projects) project.remove();
  });

  const setUp = (files: Record<string, string>, config?: Record<string, unknown>) => {
    const project = makeProject(jestFolder, files, config);
    projects.push(project);
    runs += 1;
    const runId = `${jestFolder}-${runs}`;
    const start = (
      node: string,
      settings: Record<string, unknown> = {},
      args: string[] = [],
      nodeArgs: string[] = [],
    ) =>
      project.start(
        { url: server.url, schema, runId, node, ...settings },
        ['-c', 'jest.config.json', ...args],
        nodeArgs,
      );
    const accepted = async () => (await queue.accepted({ pipeline: 'runner', runId })) ?? [];
    return { ...project, runId, begin: start, accepted };
  };

  test.each([
    ['in band', ['-i']],
    ['in two workers', ['-w', '2']],
    ['in worker threads', ['-w', '2', '--workerThreads']],
  ])('two nodes %s: every file once, each told by one, totals right', async (_name, args) => {
    const run = setUp(manyFiles(14));
    const ends = await Promise.all(['1', '2'].map((node) => run.begin(node, {}, args).ended));
    expect(ends.map(({ code }) => code)).toEqual([0, 0]);
    const told = resultsOf(run.events());
    expect(told.map(({ file }) => file).sort()).toEqual(Object.keys(manyFiles(14)));
    const accepted = await run.accepted();
    for (const { file, node } of accepted) expect(told.find((one) => one.file === file.path)?.node).toBe(node);
    for (const { node, total, ran } of run.events().filter(({ kind }) => kind === 'end')) {
      expect({ node, total }).toEqual({ node, total: ran });
    }
    expect(ends.map(({ output }) => output).join()).not.toMatch(/failed|of \d+ total/);
  });

  test('two projects with files of one name, with coverage', async () => {
    const files = Object.fromEntries(
      ['a', 'b'].flatMap((project) => Object.entries(manyFiles(4)).map(([name, text]) => [`${project}/${name}`, text])),
    );
    const run = setUp(files, {
      projects: ['a', 'b'].map((name) => ({ displayName: name, rootDir: `<rootDir>/${name}` })),
    });
    const ends = await Promise.all(['1', '2'].map((node) => run.begin(node, {}, ['-w', '2', '--coverage']).ended));
    expect(ends.map(({ code, output }) => ({ code, output }))).toMatchObject([{ code: 0 }, { code: 0 }]);
    const told = resultsOf(run.events()).map(({ project, file }) => `${project}/${file}`);
    expect(told.sort()).toEqual(Object.keys(files).sort());
  });

  test('a failure makes the node red that owns it, and no other', async () => {
    const run = setUp({ ...manyFiles(5, () => slow(50)), 'bad.test.js': failing });
    const ends = await Promise.all(['1', '2'].map((node) => run.begin(node, {}, ['-w', '2']).ended));
    const owner = (await run.accepted()).find(({ outcome }) => outcome === 'failed')?.node;
    expect(ends.map(({ code }) => code)).toEqual(owner === '1' ? [1, 0] : [0, 1]);
    expect(resultsOf(run.events()).filter(({ failed }) => failed)).toMatchObject([
      { file: 'bad.test.js', node: owner },
    ]);
  });

  test.each([[['-i']], [['-w', '2']]])(
    'a failure that passes elsewhere is in no report and flaky in the history (%s)',
    async (args) => {
      // Fails for whoever runs it first.
      const flaky = `const fs = require('fs');
test('flaky', () => {
  const isFirst = !fs.existsSync('ran');
  fs.writeFileSync('ran', '');
  expect(isFirst).toBe(false);
});\n`;
      const run = setUp({ ...manyFiles(4, () => slow(100)), 'aa.test.js': flaky });
      const limits = { maxRetries: 1 };
      const ends = await Promise.all(['1', '2'].map((node) => run.begin(node, { limits }, args).ended));
      expect(ends.map(({ code, output }) => ({ code, output }))).toMatchObject([{ code: 0 }, { code: 0 }]);
      const told = resultsOf(run.events());
      expect(told.map(({ file }) => file).sort()).toEqual(['aa.test.js', ...Object.keys(manyFiles(4))]);
      expect(await run.accepted()).toContainEqual(
        expect.objectContaining({ key: 'aa.test.js', failures: 1, outcome: 'passed' }),
      );
      const notes = run
        .events()
        .filter(({ kind }) => kind === 'end')
        .map(({ run: state }) => state);
      expect(notes.flatMap(({ retried }) => retried)).toEqual(['aa.test.js']);
      expect(notes.flatMap(({ flaky: names }) => names)).toEqual(['aa.test.js']);
    },
  );

  test.each([[['-i']], [['-w', '2']]])(
    '--bail settles the failure, stops every node, and all are red (%s)',
    async (args) => {
      const run = setUp({ 'aa.test.js': failing, ...manyFiles(12, () => slow(400)) });
      const limits = { leaseMs: 2000 };
      const ends = await Promise.all(['1', '2'].map((node) => run.begin(node, { limits }, [...args, '--bail']).ended));
      expect(ends.map(({ code }) => code)).toEqual([1, 1]);
      const accepted = await run.accepted();
      expect(accepted.find(({ key }) => key === 'aa.test.js')).toMatchObject({ outcome: 'failed' });
      expect(accepted.length).toBeLessThan(13);
      expect(ends.map(({ output }) => output).join()).toMatch(
        /was cancelled by node [12] \(--bail\), so not every file ran/,
      );
      expect((await queue.history({ pipeline: 'runner', runId: run.runId })).length).toBeLessThan(13);
    },
  );

  test('a node that is killed loses nothing', async () => {
    const run = setUp(manyFiles(10, () => slow(150)));
    const limits = { leaseMs: 1500 };
    const victim = run.begin('1', { limits }, ['-w', '2']);
    while (!run.events().some(({ kind }) => kind === 'start')) await sleep(20);
    victim.child.kill('SIGKILL');
    const other = run.begin('2', { limits }, ['-w', '2']);
    expect((await other.ended).code).toBe(0);
    const accepted = await run.accepted();
    expect(accepted.map(({ outcome }) => outcome)).toEqual(Array(10).fill('passed'));
    expect(accepted.map(({ key }) => key)).toEqual(Object.keys(manyFiles(10)));
  });

  test.each([
    ['SIGTERM to Jest alone', 'SIGTERM', false],
    ['SIGINT to its workers, and then to Jest', 'SIGINT', true],
  ] as const)(
    '%s gives everything back at once, is still the end, and fails no file',
    async (_name, signal, workersFirst) => {
      const run = setUp(manyFiles(4, () => slow(1500)));
      const node = run.begin('1', { estimate: 5000 }, ['-w', '2']);
      while (run.events().filter(({ kind }) => kind === 'start').length < 2) await sleep(20);
      // The worker's first file is on its way; a moment later it runs.
      await sleep(300);
      if (workersFirst) {
        const workers = execFileSync('ps', ['-o', 'pid=', '--ppid', String(node.child.pid)], { encoding: 'utf8' });
        for (const pid of workers.trim().split(/\s+/)) process.kill(Number(pid), signal);
        await sleep(100);
      }
      node.child.kill(signal);
      expect((await node.ended).code).toBeNull();
      expect(node.child.signalCode).toBe(signal);
      expect((await run.accepted()).filter(({ outcome }) => outcome !== 'passed')).toEqual([]);
      const [row] = await admin.query(
        `SELECT count(*)::int AS held FROM ${schema}.item i JOIN ${schema}.run b ON b.id = i.run_id
        WHERE b.key = $1 AND i.state = 1`,
        [run.runId],
      );
      expect(row).toEqual({ held: 0 });
    },
  );

  test('a worker process that dies is a failure of its file, and the node goes on', async () => {
    const run = setUp({
      ...manyFiles(4),
      'dies.test.js': "test('dies', () => process.kill(process.pid, 'SIGKILL'));\n",
    });
    const { code, output } = await run.begin('1', {}, ['-w', '2']).ended;
    expect(code).toBe(1);
    expect(output).toMatch(/dies\.test\.js/);
    expect((await run.accepted()).map(({ outcome }) => outcome).sort()).toEqual(['failed', ...Array(4).fill('passed')]);
  });

  test('poison: a file that kills every node ends the run red, also for the node that comes last', async () => {
    const run = setUp({
      ...manyFiles(2),
      'aa.test.js': "test('kills', () => process.kill(process.pid, 'SIGKILL'));\n",
    });
    const limits = { leaseMs: 400, maxCrashes: 2 };
    for (let life = 0; life < 2; life++) expect((await run.begin('1', { limits }, ['-i']).ended).code).toBeNull();
    const { code, output } = await run.begin('1', { limits }, ['-i']).ended;
    expect({ code, output }).toMatchObject({ code: 1 });
    expect(output).toMatch(/every node that ran this file died; the last was node 1, claim 2/);
    expect((await run.accepted()).map(({ key, outcome }) => [key, outcome])).toEqual([
      ['aa.test.js', 'poison'],
      ['t00.test.js', 'passed'],
      ['t01.test.js', 'passed'],
    ]);
  });

  test('a test that blocks its thread for longer than the lease keeps its file', async () => {
    const busy = "test('computes', () => { const end = Date.now() + 4000; while (Date.now() < end); });\n";
    const run = setUp({ 'aa.test.js': busy });
    const limits = { leaseMs: 2000 };
    // The thread of the heartbeat is TypeScript here.
    const node = run.begin('1', { limits }, ['-i'], ['-r', require.resolve('esbuild-register')]);
    while (!run.events().some(({ kind }) => kind === 'start')) await sleep(20);
    const other = run.begin('2', { limits }, ['-i']);
    expect([(await node.ended).code, (await other.ended).code]).toEqual([0, 0]);
    expect(await queue.history({ pipeline: 'runner', runId: run.runId })).toMatchObject([
      { node: '1', decision: 'accepted' },
    ]);
    expect(await queue.history({ pipeline: 'runner', runId: run.runId })).toHaveLength(1);
  });

  test('a job that runs again runs what it did not pass, and is green when that passes', async () => {
    const flag = "const fs = require('fs');\ntest('needs the flag', () => expect(fs.existsSync('flag')).toBe(true));\n";
    const run = setUp({ ...manyFiles(3), 'aa.test.js': flag });
    expect((await run.begin('1', {}, ['-i']).ended).code).toBe(1);
    // The same job again, without a new attempt: nothing is left to run, and it is as red as it was.
    const again = await run.begin('1', {}, ['-i']).ended;
    expect(again).toMatchObject({ code: 1, output: expect.stringContaining('failed on node 1 in an earlier process') });
    expect(again.output).toContain('--attempt 2 (JEST_DISTRIBUTED_ATTEMPT) runs it again.');
    const { writeFileSync } = await import('node:fs');
    writeFileSync(`${run.folder}/flag`, '');
    const before = run.events().length;
    expect((await run.begin('1', { attempt: 2 }, ['-i']).ended).code).toBe(0);
    expect(resultsOf(run.events().slice(before)).map(({ file }) => file)).toEqual(['aa.test.js']);
  });

  test('another plan is refused before any test runs', async () => {
    const run = setUp(manyFiles(2));
    await run.begin('1', {}, ['-i']).ended;
    const before = run.events().length;
    const { code, output } = await run.begin('2', { digest: 'other' }, ['-i']).ended;
    expect(code).toBe(1);
    expect(output).toMatch(/Node 2 planned other, but run .* was filled by node 1 from d:/);
    expect(
      run
        .events()
        .slice(before)
        .filter(({ kind }) => kind === 'start'),
    ).toEqual([]);
  });

  test('a test that ends the process with code 0 makes its node red, with a line that names the file', async () => {
    const run = setUp({ 'a.test.js': passing, 'b.test.js': "test('exits', () => process.exit(0));\n" });
    const { code, output } = await run.begin('1', {}, ['-i']).ended;
    expect(code).toBe(1);
    expect(output.replace(/\s+/g, ' ')).toContain(
      `the process of node 1 ended with exit code 0 while it ran b.test.js, before run ${run.runId} was finished`,
    );
  });

  test.each([
    ['all of them', (runId: string) => `DELETE FROM ${schema}.run WHERE key = '${runId}'`],
    [
      'some items',
      (runId: string) =>
        `DELETE FROM ${schema}.item i USING ${schema}.run b WHERE b.id = i.run_id AND b.key = '${runId}' AND i.state = 0`,
    ],
  ])('rows of the run that vanish in the middle (%s) never make a green node', async (_name, sql) => {
    const run = setUp(manyFiles(4, () => slow(700)));
    // Nobody claims ahead what takes so long.
    const node = run.begin('1', { estimate: 5000 }, ['-i']);
    while (!run.events().some(({ kind }) => kind === 'result')) await sleep(20);
    await admin.query(sql(run.runId));
    const { code, output } = await node.ended;
    expect(code).toBe(1);
    expect(output).toMatch(/QUEUE_RUN_GONE|is no longer complete in the queue's database|has no session in run/);
  });

  test('a node that was frozen and is alone when it wakes does not run its own file a second time', async () => {
    const run = setUp({ ...manyFiles(2), 'aa.test.js': slow(4000) });
    const node = run.begin('1', { limits: { leaseMs: 1000 } }, ['-w', '2']);
    while (!run.events().some(({ kind, file }) => kind === 'start' && file === 'aa.test.js')) await sleep(20);
    await sleep(500);
    node.child.kill('SIGSTOP');
    const history = () => queue.history({ pipeline: 'runner', runId: run.runId });
    const passer = (await queue.join({ ...(await requestOf(run.runId)), node: '2' })).session;
    while (!(await history()).some(({ decision }) => decision === 'lost')) {
      await sleep(100);
      await queue.heartbeat(passer);
      await queue.sweep(passer, 0);
    }
    await queue.leave(passer);
    node.child.kill('SIGCONT');
    expect(await node.ended).toMatchObject({ code: 0 });
    const starts = run.events().filter(({ kind, file }) => kind === 'start' && file === 'aa.test.js');
    expect(starts).toHaveLength(1);
    expect((await history()).filter(({ key }) => key === 'aa.test.js')).toMatchObject([{ decision: 'accepted' }]);
  });

  test('a database that goes away in the middle is an error and never a green partial run', async () => {
    const alone = await startPostgres();
    try {
      const run = setUp(manyFiles(6, () => slow(400)));
      const client = { retry: { totalMs: 500, firstPauseMs: 50, longestPauseMs: 100 } };
      const node = run.begin('1', { url: alone.url, client, estimate: 5000 }, ['-w', '2']);
      while (!run.events().some(({ kind }) => kind === 'start')) await sleep(20);
      await alone.stop?.();
      const { code, output } = await node.ended;
      expect(code).toBe(1);
      expect(output).toMatch(/The queue's database could not be reached(?: within \d s)?\. PostgreSQL/);
      expect(resultsOf(run.events()).length).toBeLessThan(6);
    } finally {
      await alone.close();
    }
  });
});
