import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createPgClient } from '../../../src/postgres/client/pg-client';
import { openPostgresQueue } from '../../../src/postgres/open-queue';
import { NOT_COMPARED } from '../../../src/queue/plan-entries';
import { DEFAULT_QUEUE_LIMITS, type Queue } from '../../../src/queue/queue';
import { cellWidth } from '../../../src/reports/terminal/text-width';
import { type BinRun, type DatabaseBin, makeDatabaseBin } from '../../support/database-bin';
import { fail, makePastRun, pass } from '../../support/past-runs';
import { newSchemaName, startPostgres, type TestPostgres } from '../../support/postgres';

const schema = newSchemaName();
let server: TestPostgres;
let queue: Queue;
let bin: DatabaseBin;
let place: string;

const join = (runId: string, pipeline: string) =>
  queue.join({
    ...{ pipeline, runId, attempt: 1, node: '1', home: null, host: null, token: `${pipeline}-${runId}`, digest: 'd' },
    ...{
      inputs: { ...NOT_COMPARED, settings: {} },
      changes: null,
      job: null,
      commit: null,
      limits: DEFAULT_QUEUE_LIMITS,
      rerun: 'failed' as const,
    },
    entries: [{ file: { project: null, path: 'a.test.js' }, part: null, estimate: 1, home: null }],
  });

beforeAll(async () => {
  server = await startPostgres();
  queue = await openPostgresQueue({ url: server.url, source: 'the test', schema });
  const url = new URL(server.url);
  place = `${url.hostname}:${url.port || 5432}${url.pathname}, schema ${schema}`;
  bin = makeDatabaseBin('@shop/web');
  const shop = (runId: string, commit: string, files: Parameters<typeof makePastRun>[1]['files']) =>
    makePastRun(queue, { pipeline: '@shop/web', runId, commit, branch: 'main', files });
  await shop('101', 'aaaaaaaaaa', {
    'src/cart.test.js': [pass(2000, 'adds')],
    'src/tax.test.js': [pass(80, 'rounds')],
  });
  await shop('102', 'bbbbbbbbbb', {
    'src/cart.test.js': [fail(2500, 'adds'), pass(4000, 'adds')],
    'src/tax.test.js': [fail(90, 'rounds'), fail(95, 'rounds')],
  });
  await makePastRun(queue, { pipeline: 'api (unit)', runId: '7', commit: null, files: { 'x.test.js': [pass(5)] } });
}, 60_000);
afterAll(async () => {
  await queue?.close();
  await server?.close();
  bin?.remove();
});

function ask(...args: string[]): BinRun {
  return bin.run(args, {
    JEST_DISTRIBUTED_DATABASE_URL: server.url,
    JEST_DISTRIBUTED_DATABASE_SCHEMA: schema,
  });
}

/** What was printed, with what differs from run to run replaced. */
function shown({ status, stdout, stderr }: BinRun): string[] {
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const lines = stdout.trimEnd().split('\n');
  for (const line of lines) expect(cellWidth(line)).toBeLessThanOrEqual(80);
  return lines.map((line) =>
    line.replace(/(?<=now +(?:passed|failed) +)[\d.]+ m?s(?= +1 )/, 'TIME').replaceAll(/ {2,}/g, '  '),
  );
}

describe('history', () => {
  test('lists the runs of every pipeline, newest first', () => {
    expect(shown(ask('history'))).toEqual([
      'api (unit)',
      '  ago  state  time  nodes  files  failed  flaky  commit  branch  run',
      '  now  passed  TIME  1  1  0  0  -  -  7',
      '',
      '@shop/web',
      '  ago  state  time  nodes  files  failed  flaky  commit  branch  run',
      '  now  failed  TIME  1  2  1  1  bbbbbbb  main  102',
      '  now  passed  TIME  1  2  0  0  aaaaaaa  main  101',
    ]);
  });

  test('keeps to one pipeline, to a number of rows, and to so many days', () => {
    expect(shown(ask('history', '--pipeline', '@shop/web', '--limit', '1')).slice(2)).toEqual([
      '  now  failed  TIME  1  2  1  1  bbbbbbb  main  102',
    ]);
    expect(shown(ask('history', '--pipeline', 'api (unit)', '--days', '0.5'))).toHaveLength(3);
  });

  test('follows a file: every execution of it, with bars', () => {
    expect(shown(ask('history', 'cart.test.js'))).toEqual([
      'src/cart.test.js',
      '  @shop/web',
      '  ▄▅█ 3 executions: 2 passed, 1 failed',
      '  ago  result  time  node  commit  run',
      '  now  passed  4.0 s  ████████████  1  bbbbbbb  102',
      '  now  failed, retried  2.5 s  ███████▌  1  bbbbbbb  102',
      '  adds: its error was not kept',
      '  now  passed  2.0 s  ██████  1  aaaaaaa  101',
    ]);
  });

  test('follows a test by a part of its name', () => {
    const lines = shown(ask('history', 'round'));
    expect(lines[0]).toBe('src/tax.test.js › rounds');
    expect(lines[2]).toContain('3 executions: 1 passed, 2 failed');
  });

  test('prints rows as JSON', () => {
    const { stdout } = ask('history', '--json', '--pipeline', '@shop/web');
    expect(JSON.parse(stdout)).toMatchObject([
      { runId: '102', state: 'failed', passed: 1, failed: 1, poison: 0, flaky: 1, nodes: 1, items: 2 },
      { runId: '101', state: 'passed', commit: 'aaaaaaaaaa', branch: 'main', busyMs: 2080 },
    ]);
    expect(JSON.parse(ask('history', 'nothing.test.js', '--json').stdout)).toEqual([]);
  });

  test('says what to do where there is nothing', () => {
    expect(shown(ask('history', 'nowhere.test.js'))).toEqual([
      'No file whose path ends with "nowhere.test.js" and no test whose name contains',
      '  it ran.',
      '  Name a file from the start of a folder or file name (cart.test.js), or a part',
      "  of a test's full name.",
    ]);
    expect(shown(ask('history', '--pipeline', 'web')).join(' ')).toBe(
      `There is no pipeline "web" in ${place}.   It has: @shop/web, api (unit)`
        .replaceAll(/ {2,}/g, '  ')
        .replace('.  It', '.   It'),
    );
    expect(shown(ask('flaky', '--pipeline', 'api (unit)'))[0]).toBe('Nothing passed and failed on one commit.');
    expect(shown(ask('slow', '--tests', '--pipeline', 'api (unit)'))[0]).toBe('No test with a duration passed.');
  });

  test('of a new database says where runs come from', async () => {
    const fresh = newSchemaName();
    await (await openPostgresQueue({ url: server.url, source: 'the test', schema: fresh })).close();
    const lines = shown(bin.run(['history', '--database-url', server.url, '--database-schema', fresh]));
    expect(lines.join(' ')).toContain('No run is recorded yet in ');
    expect(lines.join(' ')).toContain('npx jest-distributed run');
  });
});

describe('flaky and slow', () => {
  test('flaky shows what passed and failed on one commit', () => {
    expect(shown(ask('flaky'))).toEqual([
      '@shop/web',
      '  failed  of  share  commits  last  file › test',
      '  1  2  50 %  1  now  src/cart.test.js › adds',
      '  its error was not kept',
    ]);
    expect(JSON.parse(ask('flaky', '--json').stdout)).toMatchObject([{ test: 'adds', passed: 1, failed: 1 }]);
  });

  test('slow shows files, or tests', () => {
    expect(shown(ask('slow', '--pipeline', '@shop/web'))).toEqual([
      '@shop/web',
      '  mean  longest  executions  file',
      '  3.0 s  4.0 s  2  ████████████  src/cart.test.js',
      '  80 ms  80 ms  1  ▍  src/tax.test.js',
    ]);
    expect(shown(ask('slow', '--tests', '--limit', '1'))).toEqual([
      '@shop/web',
      '  mean  longest  executions  test',
      '  1.5 s  2.0 s  2  ████████████  src/cart.test.js › adds',
    ]);
  });
});

test('an answer that takes long gives a sign of life', async () => {
  const admin = createPgClient({ url: server.url, source: 'the test' });
  let exit: Promise<number | null> | undefined;
  await admin.transaction(async (query) => {
    await query(`LOCK TABLE ${schema}.execution IN ACCESS EXCLUSIVE MODE`);
    const child = bin.start(['slow', '--database-url', server.url, '--database-schema', schema]);
    exit = new Promise((resolve) => child.once('exit', resolve));
    const said = await new Promise<string>((resolve) => child.stderr?.once('data', (data) => resolve(String(data))));
    expect(said).toBe('jest-distributed: the database is still working; a smaller --days is faster\n');
  });
  expect(await exit).toBe(0);
  await admin.close();
});

describe('wrong filters', () => {
  test.each([
    [['--limit', '0'], '--limit is "0", but it must be a whole number of 1 or more.'],
    [['--limit', 'many'], '--limit is "many"'],
    [['--days', '0'], '--days is "0", but it must be a number of days, more than 0.'],
    [['--days', '-3'], '--days is "-3"'],
  ])('%j is refused before the database is asked', (args, said) => {
    const { status, stdout, stderr } = bin.run(['slow', ...args]);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain(`jest-distributed: ${said}`);
    expect(stderr).toContain('Correct it or remove it.');
  });

  test('a filter that is given twice is refused', () => {
    const { status, stderr } = bin.run(['slow', '--pipeline', 'a', '--pipeline', 'b']);
    expect([status, stderr]).toEqual([1, expect.stringContaining('--pipeline is given 2 times. [OPTION_REPEATED]')]);
  });
});

describe('cancel', () => {
  test('stops a run, and says so to its nodes and in the history', async () => {
    const { session } = await join('201', '@shop/web');
    const { status, stdout, stderr } = ask('cancel', '--run-id', '201', '--by', 'Ann');
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
    expect(stderr).toMatch(
      /^jest-distributed: run 201 of @shop\/web is cancelled: its nodes claim nothing\s+more and end red/,
    );
    expect(await queue.claim(session, { count: 1, startNow: 1, known: [] })).toEqual([]);
    expect((await queue.heartbeat(session)).cancelledBy).toBe('Ann');
    expect(shown(ask('history', '--limit', '1'))).toContain('  201 was cancelled by Ann');
  });

  test('knows the label, and a pipeline by its name', async () => {
    await join('202', '@shop/web (e2e)');
    await join('203', 'elsewhere');
    expect(ask('cancel', '--run-id', '202', '--label', 'e2e').status).toBe(0);
    expect(ask('cancel', '--run-id', '203', '--pipeline', 'elsewhere').status).toBe(0);
  });

  test('takes the id from the CI', async () => {
    await join('4711', '@shop/web');
    const { status } = bin.run(['cancel', '--database-schema', schema], {
      JEST_DISTRIBUTED_DATABASE_URL: server.url,
      GITHUB_ACTIONS: 'true',
      GITHUB_RUN_ID: '4711',
      GITHUB_RUN_ATTEMPT: '1',
    });
    expect(status).toBe(0);
  });

  test.each([
    [['--run-id', '999'], 'There is no run 999 of @shop/web.', '"npx jest-distributed history" lists the runs.'],
    [['--run-id', '7'], 'There is no run 7 of @shop/web.', 'There is one of "api (unit)": pass --pipeline or --label'],
    [['--run-id', '101'], 'Run 101 of @shop/web is not running: it passed, and began ', 'nothing to stop'],
    [[], 'The run id is not set.', 'Pass --run-id'],
  ])('%j stops nothing and is red', (args, fact, remedy) => {
    const { status, stdout, stderr } = ask('cancel', ...args);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain(fact);
    expect(stderr).toContain(remedy);
  });

  test('of a cancelled run says who was first', async () => {
    await join('204', '@shop/web');
    ask('cancel', '--run-id', '204', '--by', 'Ann');
    const { status, stderr } = ask('cancel', '--run-id', '204', '--by', 'Bob');
    expect(status).toBe(1);
    expect(stderr).toContain('it was cancelled by Ann');
  });
});
