/**
 * Nodes that pull from a queue, as people start them: the packed tarball, real Jests, a real PostgreSQL.
 */
import { existsSync, readdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { createPgClient } from '../../src/postgres/client/pg-client';
import type { SqlClient } from '../../src/postgres/client/sql-client';
import { type Drivers, makeDrivers } from '../support/drivers';
import { host, newestHosts } from '../support/hosts';
import { newSchemaName, startPostgres, type TestPostgres } from '../support/postgres';
import {
  copyProject,
  type Finished,
  type Project,
  removeProject,
  runBin,
  startBin,
  writeProject,
} from '../support/projects';

jest.setTimeout(180_000);

const schema = newSchemaName();
let server: TestPostgres;
let admin: SqlClient;
let drivers: Drivers;
let runs = 0;
const projects: Project[] = [];

beforeAll(async () => {
  server = await startPostgres();
  admin = createPgClient({ url: server.url, source: 'the test' });
  drivers = makeDrivers('pg', '@electric-sql/pglite');
});
afterEach(() => {
  for (const project of projects.splice(0)) removeProject(project);
});
afterAll(async () => {
  await admin?.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
  await admin?.close();
  await server?.close();
  drivers?.remove();
});

const passing = "test('passes', () => expect(1 + 1).toBe(2));\n";
const slow = (ms: number) => `test('takes its time', () => new Promise((done) => setTimeout(done, ${ms})));\n`;
const config = JSON.stringify({ name: 'queued', private: true, jest: { testEnvironment: 'node', transform: {} } });

function files(count: number, content = passing): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`t${i}.test.js`, content]));
}

function setUp(contents: Record<string, string>, major: 29 | 30 = 30) {
  const project = writeProject(host(major), { 'package.json': config, ...contents });
  projects.push(project);
  runs += 1;
  const environment: Record<string, string> = {
    JEST_DISTRIBUTED_DATABASE_URL: server.url,
    JEST_DISTRIBUTED_DATABASE_SCHEMA: schema,
    JEST_DISTRIBUTED_RUN_ID: `run-${major}-${runs}`,
    JEST_DISTRIBUTED_LEASE_SECONDS: '3',
    NODE_PATH: drivers.folder,
    CI: 'true',
  };
  const start = (args: readonly string[], extra: Record<string, string> = {}) => {
    const child = startBin(project, args, { ...environment, ...extra });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (chunk: string) => {
        output += chunk;
      });
    }
    const ended = new Promise<{ code: number | null; output: string }>((resolve) => {
      child.on('close', (code) => resolve({ code, output }));
    });
    return { child, ended, said: () => output };
  };
  return {
    project,
    start,
    node: (number: number, nodes: number, args: readonly string[] = [], jestArgs: readonly string[] = []) =>
      start(['run', '--nodes', String(nodes), '--node-number', String(number), ...args, '--', '-w', '1', ...jestArgs]),
    bin: (args: readonly string[], extra: Record<string, string> = {}): Finished =>
      runBin(project, args, { ...environment, ...extra }),
    blobs: (): string[] =>
      readdirSync(path.join(project.dir, '.jest-distributed', 'report'), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => path.join(entry.parentPath, entry.name)),
    removeBlobs: (of: RegExp) => {
      for (const file of readdirSync(path.join(project.dir, '.jest-distributed', 'report'), { recursive: true })) {
        const name = String(file);
        if (of.test(name)) unlinkSync(path.join(project.dir, '.jest-distributed', 'report', name));
      }
    },
    runId: environment.JEST_DISTRIBUTED_RUN_ID as string,
    environment,
  };
}

async function untilSaid(run: { said: () => string }, what: RegExp): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (what.test(run.said())) return;
    await sleep(50);
  }
  throw new Error(`never said ${what}: ${run.said()}`);
}

/** Lines without the way they were wrapped. */
const unwrapped = ({ stdout, stderr }: Finished): string => `${stdout}${stderr}`.replace(/\s+/g, ' ');
const flat = (text: string): string => text.replace(/\s+/g, ' ');

describe.each(newestHosts().map(({ major }) => major))('on Jest %i', (major) => {
  test('two nodes share all files; merge proves it from the blobs and from the database', async () => {
    const run = setUp(files(8), major);
    const ends = await Promise.all([run.node(1, 2).ended, run.node(2, 2).ended]);
    expect(ends.map(({ code, output }) => ({ code, output }))).toMatchObject([{ code: 0 }, { code: 0 }]);
    for (const [index, { output }] of ends.entries()) {
      expect(output).toMatch(`node ${index + 1} of 2 pulls from the queue of 8 files (run ${run.runId})`);
      expect(output).toMatch(/node \d (ran \d files? of the 8 in the queue|found nothing left to run of 8 files)/);
      expect(output).not.toMatch(/of \d+ total/);
    }
    const merged = run.bin(['merge']);
    expect({ exitCode: merged.exitCode, text: unwrapped(merged) }).toEqual({
      exitCode: 0,
      text: expect.stringContaining('All 8 tests passed: each of 8 files ran exactly once.'),
    });
    expect(merged.stderr).toMatch(/Tests: +8 passed, 8 total/);
    expect(unwrapped(merged)).not.toMatch(/warning|was not (asked|compared)/);
  });

  test('only --testSequencer and the variables are needed', async () => {
    const run = setUp(files(3), major);
    const jest = path.join(run.project.host.dir, 'node_modules', 'jest', 'bin', 'jest.js');
    const { spawnSync } = await import('node:child_process');
    const { status, stderr } = spawnSync(process.execPath, [jest, '--testSequencer=jest-distributed'], {
      cwd: run.project.dir,
      encoding: 'utf8',
      env: {
        ...process.env,
        JEST_DISTRIBUTED_DATABASE_URL: server.url,
        JEST_DISTRIBUTED_DATABASE_SCHEMA: schema,
        JEST_DISTRIBUTED_RUN_ID: `${run.runId}-plain`,
        NODE_PATH: drivers.folder,
      },
    });
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: expect.stringContaining('pulls from the queue of 3 files'),
    });
    const [row] = await admin.query(`SELECT state, passed FROM ${schema}.run_summary WHERE run = $1`, [
      `${run.runId}-plain`,
    ]);
    expect(row).toMatchObject({ state: 'passed', passed: 3 });
  });

  test('parts of a heavy file go to whoever is free, and coverage thresholds are checked on the whole', async () => {
    const tests = Array.from(
      { length: 6 },
      (_, i) => `test('t${i}', () => new Promise((d) => setTimeout(() => { add(${i}, 1); d(); }, 100)));`,
    );
    const jestConfig = { testEnvironment: 'node', coverageThreshold: { global: { lines: 100 } } };
    const run = setUp(
      {
        'package.json': JSON.stringify({ name: 'queued', private: true, jest: jestConfig }),
        'add.js': 'exports.add = (a, b) => a + b;\n',
        'big.test.js': `/** @jest-distributed split */\nconst { add } = require('./add');\n${tests.join('\n')}\n`,
        ...files(3),
      },
      major,
    );
    const jestArgs = ['--coverage'];
    const ends = await Promise.all([
      run.node(1, 2, ['--hash-by', 'test'], jestArgs).ended,
      run.node(2, 2, ['--hash-by', 'test'], jestArgs).ended,
    ]);
    expect(ends.map(({ code, output }) => ({ code, output }))).toMatchObject([{ code: 0 }, { code: 0 }]);
    const merged = run.bin(['merge', '--', '--coverage']);
    expect({ exitCode: merged.exitCode, text: unwrapped(merged) }).toEqual({
      exitCode: 0,
      text: expect.stringContaining('All 9 tests passed: each of 4 files ran exactly once.'),
    });
  });
});

describe('when something goes wrong', () => {
  test('a node that is killed: the other runs what it had, and merge needs no more than the blobs', async () => {
    const run = setUp({ ...files(4), 'a.test.js': slow(1500), 'b.test.js': slow(1500), 'c.test.js': slow(1500) });
    const doomed = run.node(1, 2);
    const other = run.node(2, 2);
    await untilSaid(doomed, /PASS/);
    // Jest's own reporter prints before ours writes: a kill between the two is not what this test is about.
    const isKept = () =>
      run.blobs().some((file) => /node-1/.test(file) && readFileSync(file, 'utf8').includes('"kind":"file"'));
    while (!isKept()) await sleep(5);
    doomed.child.kill('SIGKILL');
    expect((await other.ended).code).toBe(0);
    await doomed.ended;
    const verified = run.bin(['verify']);
    expect({ exitCode: verified.exitCode, text: unwrapped(verified) }).toEqual({
      exitCode: 0,
      text: expect.stringMatching(
        /warning: Node 1 was cut short.*the queue gave its files to other nodes\..*proven: 7 of 7/,
      ),
    });
  });

  test('a blob that is lost: the database has its results; without it --run-missing runs those and nothing else', async () => {
    const run = setUp({ ...files(3), 'a.test.js': slow(800), 'b.test.js': slow(800) });
    const ends = await Promise.all([run.node(1, 2).ended, run.node(2, 2).ended]);
    expect(ends.map(({ code }) => code)).toEqual([0, 0]);
    const lost = Number(/node 1 ran (\d) files?/.exec(ends[0]?.output ?? '')?.[1]);
    expect(lost).toBeGreaterThan(0);
    run.removeBlobs(/node-1\./);
    const verified = run.bin(['verify']);
    expect({ exitCode: verified.exitCode, text: unwrapped(verified) }).toEqual({
      exitCode: 0,
      text: expect.stringMatching(
        `confirmed by the database: 5 of 5 items; ${lost} results? came from it, as no report folder holds them: ${lost} of node 1`,
      ),
    });
    // As a merge that is not given the database, or when it no longer keeps the results.
    const { JEST_DISTRIBUTED_DATABASE_URL: _, ...alone } = run.environment;
    const unasked = runBin(run.project, ['verify'], alone);
    expect(unasked.exitCode).toBe(1);
    expect(unwrapped(unasked)).toMatch(/error: \d files? never ran: .*jest-distributed merge .*--run-missing/);
    expect(unwrapped(unasked)).toContain('the database was not asked (--database-url)');
    await admin.query(`DELETE FROM ${schema}.blob_line`);
    const forgotten = run.bin(['verify']);
    expect(forgotten.exitCode).toBe(1);
    expect(unwrapped(forgotten)).toMatch(
      /items? of the queue have a result there, but are in no blob: .*\(by node 1\)/,
    );
    const healed = run.bin(['merge', '--run-missing', '--', '-w', '1']);
    expect({ exitCode: healed.exitCode, text: unwrapped(healed) }).toEqual({
      exitCode: 0,
      text: expect.stringContaining(`node run-missing ran ${lost} file`),
    });
    expect(unwrapped(healed)).toContain('All 5 tests passed: each of 5 files ran exactly once.');
  });

  test('a failure that passes elsewhere is flaky and said to be so; without retries it is red', async () => {
    const flaky = `const fs = require('fs');
test('flaky', () => {
  const isFirst = !fs.existsSync('ran');
  fs.writeFileSync('ran', '');
  expect(isFirst).toBe(false);
});\n`;
    const run = setUp({ ...files(3, slow(300)), 'flaky.test.js': flaky });
    const ends = await Promise.all([1, 2].map((number) => run.node(number, 2, ['--max-retries', '1']).ended));
    expect(ends.map(({ code }) => code)).toEqual([0, 0]);
    const said = flat(ends.map(({ output }) => output).join(' '));
    expect(said).toContain('warning: flaky: flaky.test.js passed here after a failure');
    expect(said).toContain('flaky.test.js failed here and went to another node; not in this report');
    const merged = run.bin(['merge']);
    expect(merged.exitCode).toBe(0);
    expect(unwrapped(merged)).toContain('flaky: 1 test passed only on a later try flaky.test.js: flaky');

    const strict = setUp({ 'flaky.test.js': flaky });
    expect((await strict.node(1, 2).ended).code).toBe(1);
    expect(strict.bin(['merge']).exitCode).toBe(1);
  });

  test('"re-run failed jobs" runs what failed, and both attempts make one green run', async () => {
    const run = setUp({
      ...files(4),
      'mended.test.js': "test('mended', () => expect(process.env.MENDED).toBe('1'));\n",
    });
    const first = await Promise.all([run.node(1, 2).ended, run.node(2, 2).ended]);
    const red = first.findIndex(({ code }) => code === 1) + 1;
    expect(first.map(({ code }) => code).sort()).toEqual([0, 1]);
    expect(run.bin(['merge']).exitCode).toBe(1);
    const command = `--nodes 2 --node-number ${red}`;
    const same = await run.start(['run', ...command.split(' '), '--', '-w', '1'], { MENDED: '1' }).ended;
    expect(same.code).toBe(1);
    expect(flat(same.output).replaceAll('\\ ', '')).toMatch(
      new RegExp(
        `run \\S+ was finished just now.*as a new attempt: npx jest-distributed run --run-id \\S+ ${command} `,
      ),
    );
    const again = await run.start(['run', ...command.split(' '), '--attempt', '2', '--', '-w', '1'], {
      MENDED: '1',
    }).ended;
    expect({ code: again.code, output: flat(again.output) }).toEqual({
      code: 0,
      output: expect.stringMatching(/1 of run \S+ run again.*ran 1 file of the 5 in the queue/),
    });
    const merged = run.bin(['merge']);
    expect({ exitCode: merged.exitCode, text: unwrapped(merged) }).toEqual({
      exitCode: 0,
      text: expect.stringContaining('All 5 tests passed: each of 5 files ran exactly once.'),
    });
  });

  test('"re-run all jobs" without the artifacts of the first attempt ends green; files edited since are named', async () => {
    const run = setUp({
      ...files(4),
      'mended.test.js': "test('mended', () => { console.log('told'); expect(process.env.MENDED).toBe('1'); });\n",
    });
    const attempt = (node: number, number: number, extra: Record<string, string> = {}) =>
      run.start(
        ['run', '--nodes', '2', '--node-number', String(node), '--attempt', String(number), '--', '-w', '1'],
        extra,
      ).ended;
    const first = await Promise.all([attempt(1, 1), attempt(2, 1)]);
    const red = first.findIndex(({ code }) => code !== 0) + 1;
    expect(first.map(({ code }) => code).sort()).toEqual([0, 1]);

    // A failure is laid on the node whose job had it, however often it was started.
    expect((await attempt(red, 2)).code).toBe(1);
    expect(unwrapped(run.bin(['merge']))).toContain(`mended.test.js: mended (node ${red}, 2 tries)`);

    run.removeBlobs(/\.jsonl$/);
    const again = await Promise.all([attempt(1, 3, { MENDED: '1' }), attempt(2, 3, { MENDED: '1' })]);
    expect(again.map(({ code }) => code)).toEqual([0, 0]);
    const merged = run.bin(['merge', '--expect-nodes', '2', '--', '--verbose']);
    expect({ exitCode: merged.exitCode, text: unwrapped(merged) }).toEqual({
      exitCode: 0,
      text: expect.stringMatching(
        /confirmed by the database: 5 of 5 items; 4 results came from it.*All 5 tests passed: each of 5 files ran exactly once/,
      ),
    });
    const verdict = JSON.parse(run.bin(['verify', '--json']).stdout);
    expect(verdict).toMatchObject({
      ok: true,
      counts: { nodes: 2, accepted: 2, items: 5, ranOnce: 5 },
      database: { asked: true, items: 5, confirmed: 5 },
    });

    writeFileSync(path.join(run.project.dir, 't1.test.js'), "test('edited', () => { throw new Error('no'); });\n");
    const edited = await attempt(1, 3);
    expect(edited.code).toBe(1);
    expect(flat(edited.output)).toMatch(
      /was started by node \d with other files than those of node 1: other contents of t1\.test\.js/,
    );
  });

  test('--bail on one node stops the others, and the merge is red', async () => {
    const run = setUp({ ...files(8, slow(400)), 'bad.test.js': "test('bad', () => expect(1).toBe(2));\n" });
    const ends = await Promise.all([1, 2].map((number) => run.node(number, 2, [], ['--bail']).ended));
    expect(ends.map(({ code }) => code)).toEqual([1, 1]);
    expect(flat(ends.map(({ output }) => output).join(' '))).toMatch(
      /was cancelled by node \d \(--bail\), so not every file ran/,
    );
    const merged = run.bin(['merge']);
    expect(merged.exitCode).toBe(1);
    expect(unwrapped(merged)).toMatch(/never ran/);
  });

  test('"jest-distributed cancel" ends every node red, with who did it', async () => {
    const run = setUp(files(12, slow(500)));
    const nodes = [run.node(1, 2), run.node(2, 2)];
    await untilSaid(nodes[0] as (typeof nodes)[number], /PASS/);
    const cancelled = run.bin(['cancel', '--by', 'the release manager']);
    expect({ exitCode: cancelled.exitCode, text: unwrapped(cancelled) }).toMatchObject({ exitCode: 0 });
    const ends = await Promise.all(nodes.map(({ ended }) => ended));
    expect(ends.map(({ code }) => code)).toEqual([1, 1]);
    expect(flat(ends[0]?.output ?? '')).toContain('was cancelled by the release manager, so not every file ran');
    expect(unwrapped(run.bin(['verify']))).toMatch(/The run was cancelled by the release manager/);
    // "Re-run failed jobs" goes on where it stopped.
    const again = [1, 2].map((number) => run.node(number, 2, ['--attempt', '2']).ended);
    expect((await Promise.all(again)).map(({ code }) => code)).toEqual([0, 0]);
    const verified = run.bin(['verify']);
    expect({ exitCode: verified.exitCode, text: unwrapped(verified) }).toEqual({
      exitCode: 0,
      text: expect.stringMatching(/There is a later attempt of this node.*proven: 12 of 12/),
    });
  });

  test('a database that disagrees with the blobs is believed as little as they are', async () => {
    const run = setUp(files(2));
    expect((await run.node(1, 1).ended).code).toBe(0);
    await admin.query(
      `UPDATE ${schema}.item SET outcome = 2 WHERE run_id = (SELECT id FROM ${schema}.run WHERE key = $1) AND rank = 1`,
      [run.runId],
    );
    const verified = run.bin(['verify']);
    expect(verified.exitCode).toBe(1);
    expect(unwrapped(verified)).toMatch(
      /1 item of the queue have another result in a blob: t\d\.test\.js \(passed in the blob, failed in the queue\)/,
    );
    const elsewhere = run.bin(['verify'], { JEST_DISTRIBUTED_DATABASE_SCHEMA: `${schema}_other` });
    expect(elsewhere.exitCode).toBe(1);
    expect(unwrapped(elsewhere)).toContain(`has no queue in its schema ${schema}_other`);
  });

  test.each<[string, Record<string, string>, RegExp]>([
    ['no run id outside a CI', { JEST_DISTRIBUTED_RUN_ID: '', CI: '' }, /JEST_DISTRIBUTED_RUN_ID is set but empty/],
    [
      'no database there',
      { JEST_DISTRIBUTED_DATABASE_URL: 'postgres://me:s3cret@127.0.0.1:1/tests' },
      /does not answer; trying again for 15 s.*The queue's database could not be reached.*127\.0\.0\.1:1\/tests.*Otherwise check that it runs/,
    ],
    ['no URL', { JEST_DISTRIBUTED_DATABASE_URL: 'mysql://me:s3cret@db/tests' }, /it does not begin with postgres:/],
  ])('%s: a message, exit code 1, and no test runs', async (_what, variables, message) => {
    const run = setUp({ 'mark.test.js': "require('fs').writeFileSync('ran', ''); test('runs', () => {});\n" });
    const { code, output } = await run.start(['run', '--nodes', '2', '--node-number', '1'], variables).ended;
    expect({ code, output: flat(output) }).toEqual({ code: 1, output: expect.stringMatching(message) });
    expect(output).not.toContain('s3cret');
    expect(existsSync(path.join(run.project.dir, 'ran'))).toBe(false);
  });

  test('a run without an id is refused where no CI gives one', async () => {
    const run = setUp(files(1));
    const ended = runBin(run.project, ['run', '--database-url', server.url], { NODE_PATH: drivers.folder });
    expect(ended.exitCode).toBe(1);
    expect(unwrapped(ended)).toMatch(/--database-url asks for a queue, but the run id is not set.*--run-id/);
  });

  test('a node with other files than the run has is named, and runs nothing', async () => {
    const run = setUp(files(2));
    expect((await run.node(1, 2).ended).code).toBe(0);
    const other = await run.node(2, 2, [], ['t1.test.js']).ended;
    expect({ code: other.code, output: flat(other.output) }).toEqual({
      code: 1,
      output: expect.stringMatching(/only the run has t0\.test\.js; pathPattern is "t1\.test\.js" here and "" there/),
    });
  });

  test('files that must run on one node are refused, also where any number of nodes may come', async () => {
    const run = setUp(files(3));
    for (const place of [
      ['--nodes', '2', '--node-number', '1'],
      ['--node-name', 'anybody'],
    ]) {
      const ended = run.bin(['run', ...place, '--group', 'both=t[12].test.js']);
      expect({ exitCode: ended.exitCode, text: unwrapped(ended) }).toEqual({
        exitCode: 1,
        text: expect.stringMatching(
          /group both, such as t1\.test\.js and t2\.test\.js, must all run on one node.*Remove the group/,
        ),
      });
    }
  });

  test('parts of split files are refused where snapshots may be written', async () => {
    const run = setUp(files(2));
    const ended = await run.node(1, 2, ['--hash-by', 'test'], ['--ci=false']).ended;
    expect({ code: ended.code, output: flat(ended.output) }).toEqual({
      code: 1,
      output: expect.stringMatching(/Snapshots may be written in this run.*Add Jest's --ci/),
    });
  });
});

describe('run --local --queue', () => {
  test('needs no server: the history stays where PGlite is installed', async () => {
    const run = setUp({ ...files(5), 'slow.test.js': slow(500) });
    const ended = runBin(run.project, ['run', '--local', '--nodes', '2', '--queue'], { NODE_PATH: drivers.folder });
    expect({ exitCode: ended.exitCode, text: unwrapped(ended) }).toEqual({
      exitCode: 0,
      text: expect.stringMatching(
        /2 nodes pull from one queue of 6 files.*creating a database for the queue in \.jest-distributed\/queue.*All 6 tests passed: each of 6 files ran exactly once\./,
      ),
    });
    const history = runBin(run.project, ['history', 'slow.test.js'], { NODE_PATH: drivers.folder });
    expect({ exitCode: history.exitCode, text: unwrapped(history) }).toEqual({
      exitCode: 0,
      text: expect.stringMatching(/slow\.test\.js.*passed.*this is the history of run --local --queue here/),
    });
    // What a full disk may leave.
    writeFileSync(path.join(run.project.dir, '.jest-distributed', 'queue', 'PG_VERSION'), '1\n');
    const broken = runBin(run.project, ['run', '--local', '--nodes', '2', '--queue'], { NODE_PATH: drivers.folder });
    expect({ exitCode: broken.exitCode, text: unwrapped(broken) }).toEqual({
      exitCode: 1,
      text: expect.stringMatching(/queue cannot be opened: .*Remove that folder: .*only its history is lost/),
    });
  });

  test('with a database URL the nodes pull from that database, and it is the witness', async () => {
    const run = setUp(files(4));
    // A run on this machine has an id of its own, so one that is given is refused.
    const named = run.bin(['run', '--local', '--nodes', '2']);
    expect(unwrapped(named)).toContain('JEST_DISTRIBUTED_RUN_ID is "');
    const { JEST_DISTRIBUTED_RUN_ID: _, ...environment } = run.environment;
    const ended = runBin(run.project, ['run', '--local', '--nodes', '2'], environment);
    expect({ exitCode: ended.exitCode, text: unwrapped(ended) }).toEqual({
      exitCode: 0,
      text: expect.stringContaining('All 4 tests passed: each of 4 files ran exactly once.'),
    });
    const rows = await admin.query(`SELECT passed, nodes FROM ${schema}.run_summary WHERE run LIKE 'local-%'`);
    expect(rows).toMatchObject([{ passed: 4, nodes: 2 }]);
    const refused = runBin(run.project, ['run', '--local', '--nodes', '2', '--sequential'], environment);
    expect(refused.exitCode).toBe(1);
    expect(unwrapped(refused)).toMatch(/would take everything from the queue \(from JEST_DISTRIBUTED_DATABASE_URL\)/);
  });

  test('examples/queue runs by its one command', () => {
    const project = copyProject(host(30), 'examples/queue');
    projects.push(project);
    const { scripts } = JSON.parse(readFileSync(path.join(project.dir, 'package.json'), 'utf8'));
    const [program, ...args] = scripts.local.split(' ');
    expect(program).toBe('jest-distributed');
    const ended = runBin(project, args);
    expect({ exitCode: ended.exitCode, text: unwrapped(ended) }).toEqual({
      exitCode: 0,
      text: expect.stringContaining('All 16 tests passed: each of 12 files ran exactly once.'),
    });
  });

  test('without PGlite the queue is in memory, and a failure is told once', async () => {
    const run = setUp({ ...files(5), 'bad.test.js': "test('bad', () => expect(1).toBe(2));\n" });
    const ended = runBin(run.project, ['run', '--local', '--nodes', '2', '--queue']);
    expect(ended.exitCode).toBe(1);
    expect(unwrapped(ended)).toMatch(/the queue is in memory; to keep a history/);
    expect(ended.stderr.match(/● bad/g)).toHaveLength(1 + Number(/Summary of all failing tests/.test(ended.stderr)));
    expect(unwrapped(ended)).toMatch(/1 of 6 tests failed/);
  });
});
