/** What the dashboard's server answers, over a run of this process. */
import { afterEach, expect, test } from '@jest/globals';
import type { AccessRules } from '../../src/dashboard/access';
import { createDashboardApp, type DashboardApp } from '../../src/dashboard/app';
import { DistributedError } from '../../src/errors';
import { createMemoryDashboard, type MemoryDashboard } from '../../src/reports/dashboard/memory-data';
import type { LiveMessage } from '../../src/reports/live/live-message';
import { NO_LINKS } from '../../src/reports/run-report/report-links';
import { PLAIN_REPEAT } from '../../src/shell/reproduce-tests';
import { dated, ended, failed, itemOf, planned, runOf } from '../reports/live/sample-run';
import { readMessages } from '../support/event-stream';

const RULES: AccessRules = { hosts: new Set(['localhost']), token: null, cookie: 'c' };
const assets = { script: 'run()', styles: 'a{}' };
const apps: DashboardApp[] = [];

afterEach(() => {
  for (const app of apps.splice(0)) app.close();
});

function open(rules: AccessRules = RULES, change: Partial<MemoryDashboard['data']> = {}) {
  const own = {
    pipeline: 'shop',
    runId: '4711',
    commit: null,
    branch: null,
    links: NO_LINKS,
    repeat: PLAIN_REPEAT,
    runner: 'npx' as const,
  };
  const memory = createMemoryDashboard(own, Date.now);
  const app = createDashboardApp({ ...memory.data, ...change }, assets, rules);
  apps.push(app);
  const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    app.fetch(new Request(`http://localhost${path}`, { method, headers: { host: 'localhost', ...headers } }));
  return { ...memory, get };
}

test('the page may run its own script and nothing else, and is kept by nobody', async () => {
  const { get } = open();
  for (const path of ['/', '/app.js', '/app.css', '/api/runs', '/nothing']) {
    const { headers } = await get(path);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|\*/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('access-control-allow-origin')).toBeNull();
  }
  const page = await (await get('/')).text();
  expect(page).not.toMatch(/<script>|<style>|\son\w+=/);
});

test('whoever may not gets no data, whatever is asked for', async () => {
  const { get } = open();
  for (const path of ['/', '/app.js', '/api/runs', '/api/facts', '/api/runs/1/events', '/api/failures']) {
    const response = await get(path, { host: 'evil.example' });
    expect([path, response.status, await response.text()]).toEqual([
      path,
      403,
      'This dashboard does not answer to that host name.\n',
    ]);
  }
  expect((await get('/api/runs', {}, 'POST')).status).toBe(405);
});

test('a token in the address becomes a cookie that scripts cannot read, and leaves the address', async () => {
  const { get } = open({ hosts: null, token: 'secret-secret-secret', cookie: 'c' });
  const response = await get('/?token=secret-secret-secret');
  expect([response.status, response.headers.get('location')]).toEqual([303, '/']);
  expect(response.headers.get('set-cookie')).toBe('c=secret-secret-secret; HttpOnly; SameSite=Strict; Path=/');
  expect((await get('/api/runs')).status).toBe(401);
  expect((await get('/api/runs', { cookie: 'c=secret-secret-secret' })).status).toBe(200);
});

test('errors of ours are told, others are not', async () => {
  const known = new DistributedError({ code: 'DATABASE_UNREACHABLE', message: 'It is not there.', remedy: 'Wait.' });
  const { get } = open(RULES, { failures: () => Promise.reject(known) });
  const response = await get('/api/failures');
  expect([response.status, await response.json()]).toEqual([
    500,
    { error: { code: 'DATABASE_UNREACHABLE', message: 'It is not there.' } },
  ]);
});

test('one question within a moment is asked once', async () => {
  let asked = 0;
  const { get } = open(RULES, { flaky: async () => [asked++] as never });
  await Promise.all([get('/api/flaky?days=7'), get('/api/flaky?days=7'), get('/api/flaky?days=8')]);
  expect(asked).toBe(2);
});

/** Messages until there is one of this kind. */
async function readUntil(
  response: Response,
  isLast: (message: LiveMessage) => boolean,
  onFirst: () => void = () => undefined,
): Promise<LiveMessage[]> {
  const messages: LiveMessage[] = [];
  for await (const message of readMessages(response)) {
    messages.push(message);
    if (messages.length === 1) onFirst();
    if (isLast(message)) break;
  }
  return messages;
}

test('a run as it stands, then what happens, then its end', async () => {
  const { get, publish } = open();
  publish(runOf([planned(1, 'a.test.js'), planned(1, 'b.test.js')]));
  publish(dated([0, { kind: 'node-started', node: 1 }]));
  publish(dated([1, { kind: 'file-started', node: 1, ...itemOf('a.test.js') }]));
  expect(await (await get('/api/runs')).json()).toMatchObject([{ id: '1', runId: '4711', state: 'running', items: 2 }]);
  expect((await get('/api/runs/2')).status).toBe(404);
  expect((await get('/api/runs/2/events')).status).toBe(404);
  const response = await get('/api/runs/1/events');
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  const messages = await readUntil(
    response,
    ({ kind }) => kind === 'end',
    () => {
      publish(dated([2, failed(1, 'a.test.js', '</script><script>alert(1)</script>')]));
      publish(dated([3, ended(1, 'a.test.js', { failed: 1 })]));
      publish(dated([4, { kind: 'run-ended' }]));
    },
  );
  expect(messages.map(({ kind }) => kind)).toEqual(['snapshot', 'events', 'end']);
  expect(messages[0]).toMatchObject({ view: { items: 2, running: [{ file: { path: 'a.test.js' } }] }, files: [] });
  expect(messages[0]).not.toHaveProperty('view.estimates');
  // Who comes later sees the same.
  const later = await readUntil(await get('/api/runs/1/events'), ({ kind }) => kind === 'end');
  expect(later[0]).toMatchObject({
    kind: 'snapshot',
    view: { failures: [{ isCounted: true }] },
    files: [expect.arrayContaining(['a.test.js'])],
  });
});
