/// <reference lib="dom" />
/** The dashboard in a real Chromium: a run of the queue while it goes on, large runs, and what others may not do. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { serve } from '@hono/node-server';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { createDashboardApp, type DashboardApp, type DashboardAssets } from '../../src/dashboard/app';
import { createPgClient } from '../../src/postgres/client/pg-client';
import type { SqlClient } from '../../src/postgres/client/sql-client';
import { createDatabaseDashboard } from '../../src/postgres/dashboard/data';
import { migrate } from '../../src/postgres/schema/migrate';
import type { DashboardData } from '../../src/reports/dashboard/data';
import { createMemoryDashboard, type MemoryDashboard } from '../../src/reports/dashboard/memory-data';
import { NO_LINKS } from '../../src/reports/run-report/report-links';
import { PLAIN_REPEAT } from '../../src/shell/reproduce-tests';
import { dated, ended, failed, itemOf, planned, runOf } from '../reports/live/sample-run';
import { axeFaults, isTooWide, launchBrowser, phone } from '../support/browser';
import { newSchemaName, startPostgres, type TestPostgres } from '../support/postgres';
import { cleanEnvironment } from '../support/projects';

jest.setTimeout(120_000);

const root = path.resolve(__dirname, '..', '..');
const folder = mkdtempSync(path.join(tmpdir(), 'dashboard-'));
let assets: DashboardAssets;
let browser: Browser;
/** What no page may do: ask others for anything, or complain. */
let misdeeds: string[] = [];
const closing: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  const file = path.join(folder, 'assets.js');
  execFileSync(process.execPath, [path.join(root, 'scripts', 'build-report-ui.mjs'), file, 'dashboard']);
  assets = createRequire(__filename)(file) as DashboardAssets;
  browser = await launchBrowser(['--host-resolver-rules=MAP rebound.example 127.0.0.1, MAP evil.example 127.0.0.1']);
});

afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  for (const close of closing.splice(0)) await close();
  const seen = misdeeds;
  misdeeds = [];
  expect(seen).toEqual([]);
});

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** @returns its address, with a slash at the end. */
async function serveData(data: DashboardData, token: string | null = null): Promise<string> {
  const hosts = token === null ? new Set(['localhost', '127.0.0.1']) : null;
  const app: DashboardApp = createDashboardApp(data, assets, { hosts, token, cookie: 'token' });
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' });
  await new Promise((resolve) => server.once('listening', resolve));
  closing.push(
    () =>
      new Promise((resolve) => {
        app.close();
        server.close(resolve);
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  );
  return `http://localhost:${(server.address() as AddressInfo).port}/`;
}

function memoryRun(): MemoryDashboard {
  const run = {
    pipeline: 'shop',
    runId: '4711',
    commit: 'c0ffee12345',
    branch: 'main',
    links: NO_LINKS,
    repeat: PLAIN_REPEAT,
    runner: 'npx' as const,
  };
  return createMemoryDashboard(run, Date.now);
}

async function openPage(url: string, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.on('console', (message) => misdeeds.push(`console ${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => misdeeds.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => misdeeds.push(`dialog: ${dialog.message()}`));
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== new URL(url).origin && !request.url().startsWith('data:'))
      misdeeds.push(`request: ${request.url()}`);
  });
  await page.goto(url);
  await page.waitForSelector('main h1');
  return page;
}

const textOf = async (page: Page): Promise<string> => (await page.locator('main').textContent()) ?? '';
const waitForText = (page: Page, text: RegExp) =>
  page.waitForFunction(
    ([source]) => new RegExp(source as string).test(document.querySelector('main')?.textContent ?? ''),
    [text.source],
  );

const DESKTOP_AND_PHONE = [
  ['desktop, light', { colorScheme: 'light' }],
  ['phone, dark', { ...phone, colorScheme: 'dark' }],
] as const;

describe('a run of the queue while it goes on', () => {
  const schema = newSchemaName();
  const project = path.join(folder, 'project');
  let server: TestPostgres;
  let client: SqlClient;
  const nodes: ChildProcess[] = [];

  beforeAll(async () => {
    server = await startPostgres();
    client = createPgClient({ url: server.url, source: 'the test', connections: 4 });
    await migrate(client, schema);
    const waits = `const { existsSync } = require('node:fs');
      test('waits', async () => { while (!existsSync('GO')) await new Promise((go) => setTimeout(go, 50)); }, 60_000);`;
    const files: Record<string, string> = {
      'package.json': '{ "name": "shop", "private": true, "jest": { "testEnvironment": "node", "transform": {} } }',
      'first.test.js':
        "test('adds', () => {}); test('breaks <img src=x onerror=alert(1)>', () => { expect(1).toBe(2); });",
      'one.test.js': waits,
      'two.test.js': waits,
    };
    mkdirSync(project);
    for (const [name, content] of Object.entries(files)) writeFileSync(path.join(project, name), content);
    symlinkSync(path.join(root, 'node_modules'), path.join(project, 'node_modules'));
    for (const number of ['1', '2']) {
      const args = ['run', '--nodes', '2', '--node-number', number, '--run-id', '4711', '--', '-i', '--ci'];
      nodes.push(
        spawn(process.execPath, [path.join(root, 'dist', 'cli.js'), ...args], {
          cwd: project,
          env: cleanEnvironment({
            JEST_DISTRIBUTED_DATABASE_URL: server.url,
            JEST_DISTRIBUTED_DATABASE_SCHEMA: schema,
            JEST_DISTRIBUTED_LEASE_SECONDS: '5',
            GITHUB_REF: 'refs/heads/topic/prices',
          }),
          stdio: 'ignore',
        }),
      );
    }
  });

  afterAll(async () => {
    for (const node of nodes) node.kill('SIGKILL');
    await client?.query(`DROP SCHEMA ${schema} CASCADE`);
    await client?.close();
    await server?.close();
  });

  test('files appear, fail and finish; a node that was killed is lost within its lease; all pages, on all screens', async () => {
    const ends = nodes.map((node) => new Promise((resolve) => node.on('exit', resolve)));
    const address = await serveData(createDatabaseDashboard(client, schema, { remote: null }));
    const page = await openPage(address);
    await page.getByRole('link', { name: '4711' }).click();
    await waitForText(page, /node 1 running.*node 2 running/);
    await waitForText(page, /(one|two)\.test\.js \d+ s.*(one|two)\.test\.js \d+ s/);
    await waitForText(page, /1 failure.*breaks <img src=x onerror=alert\(1\)>/);
    expect(await page.locator('main .command code').first().textContent()).toMatch(
      /^npx jest --runTestsByPath first\.test\.js -t /,
    );
    expect(await textOf(page)).toMatch(/1 of 3 files.*1 test failed.*2 running/);
    nodes[1]?.kill('SIGKILL');
    await waitForText(page, /node 2 lost/);
    const [, id = ''] = /#\/run\/(\d+)/.exec(page.url()) ?? [];
    const routes = [
      '#/runs',
      `#/run/${id}`,
      `#/run/${id}/failures`,
      `#/run/${id}/timeline`,
      `#/run/${id}/files`,
    ].concat([
      '#/runs?branch=nothing',
      '#/failures',
      '#/failures?machine=nowhere',
      '#/flaky',
      '#/slow',
      '#/slow?of=tests',
      '#/file/first.test.js',
      '#/test/first.test.js?name=adds',
      '#/nowhere',
    ]);
    const faults: string[] = [];
    for (const [name, options] of DESKTOP_AND_PHONE) {
      const screen = await openPage(address, options);
      for (const route of routes) {
        await screen.goto(address + route);
        await screen.waitForSelector('main h1');
        await screen.waitForFunction(() => document.querySelector('main')?.textContent?.includes('Loading') === false);
        faults.push(...(await axeFaults(screen)).map((fault) => `${name} ${route}: ${fault}`));
        if (await isTooWide(screen)) faults.push(`${name} ${route}: too wide`);
      }
    }
    expect(faults).toEqual([]);
    writeFileSync(path.join(project, 'GO'), '');
    await waitForText(page, /4711 failed.*3 of 3 files/);
    await Promise.all(ends);
    await page.getByRole('link', { name: 'Files', exact: true }).click();
    // The file that was running on the lost node, lost there and passed elsewhere.
    await waitForText(page, /lost · 0 tests · node 2/);
    await page.getByLabel('Path has').fill('first');
    expect(await page.locator('.rows').last().locator('> li').count()).toBe(1);
    await page.getByRole('link', { name: 'first.test.js' }).click();
    await waitForText(page, /1 execution, 1 failed.*Tests that failed.*breaks/);
    await page.getByRole('link', { name: /^breaks/ }).click();
    expect(await page.locator('h1').textContent()).toBe('breaks <img src=x onerror=alert(1)>');
    await page.goto(`${address}#/runs?branch=topic/prices`);
    await waitForText(page, /4711 failed.*topic\/prices/);
  });
});

describe('a large run', () => {
  const files = Array.from({ length: 100_000 }, (_, index) => `src/folder-${index % 97}/file-${index}.test.js`);
  const node = (index: number) => (index % 200) + 1;
  let memory: MemoryDashboard;

  beforeAll(() => {
    memory = memoryRun();
    memory.publish(
      runOf(
        files.map((file, index) => planned(node(index), file, 1_000)),
        { isQueued: false },
      ),
    );
    for (let number = 1; number <= 200; number++) {
      memory.publish(dated([0, { kind: 'node-started', node: number }]));
      memory.publish(dated([0, { kind: 'node-ready', node: number, files: 500 }]));
    }
    for (const [index, file] of files.slice(0, 60_000).entries()) {
      const second = 1 + index / 100;
      memory.publish(dated([second, { kind: 'file-started', node: node(index), ...itemOf(file) }]));
      const isFailed = index % 30 === 0;
      if (isFailed)
        memory.publish(
          dated([
            second + 1,
            failed(node(index), file, 'asks the server', 'Error: connect ECONNREFUSED 127.0.0.1:5432'),
          ]),
        );
      memory.publish(dated([second + 1, ended(node(index), file, { failed: isFailed ? 1 : 0 })]));
    }
  });

  test('200 nodes, 100,000 files and 2,000 equal failures, by keyboard, on all screens', async () => {
    const address = await serveData(memory.data);
    const faults: string[] = [];
    for (const [name, options] of DESKTOP_AND_PHONE) {
      const screen = await openPage(`${address}#/run/1`, options);
      await waitForText(screen, /60,000 of 100,000 files.*200 nodes/);
      for (const tab of ['Failures 2,000', 'Timeline', 'Files', 'Overview']) {
        await screen.getByRole('link', { name: tab }).click();
        await screen.waitForSelector('main section');
        if (await isTooWide(screen)) faults.push(`${name} ${tab}: too wide`);
        if (name.startsWith('desktop') && tab !== 'Files')
          faults.push(...(await axeFaults(screen)).map((fault) => `${name} ${tab}: ${fault}`));
      }
    }
    expect(faults).toEqual([]);
    const page = await openPage(`${address}#/run/1/failures`);
    await waitForText(page, /2,000 failures with one message: Error: connect ECONNREFUSED/);
    // One card for all of them, and the others when they are asked for.
    expect(await page.locator('.cards > li').count()).toBe(1);
    await page.locator('.cards > li > details > summary').focus();
    await page.keyboard.press('Enter');
    await waitForText(page, /Show 50 more/);
    // What happens goes on arriving.
    memory.publish(dated([700, failed(1, files[60_000] as string, 'another fault', 'Error: out of paper')]));
    await waitForText(page, /2,001 failures/);
    await page.getByRole('link', { name: 'Timeline' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('application').focus();
    await page.keyboard.press('ArrowRight');
    await page.waitForSelector('.readout .path');
    expect(await page.locator('.readout').textContent()).toMatch(/src\/folder-\d+\/file-\d+\.test\.js/);
  });
});

describe('past runs with long names', () => {
  const name = 'some-name-that-somebody-made-up-in-a-hurry-and-that-nobody-has-shortened-since';
  const at = new Date(Date.UTC(2026, 2, 1)).toISOString();
  const file = { project: name, path: `packages/${name}/src/${name}.test.ts` };
  const past = {
    ...{
      id: '7',
      pipeline: name,
      runId: name,
      commit: 'c0ffee12345',
      branch: `feature/${name}`,
      node: name,
      machine: name,
    },
    ...{ file, part: name, test: `${name} does ${name}`, attempt: 2, finishedAt: at, createdAt: at },
  };
  const failure = { ...past, error: `Error: ${name}\n    at ${name} (${file.path}:1:1)`, isCounted: false };
  const execution = (durationMs: number, outcome: 'passed' | 'failed') => ({
    ...{ ...past, claimNumber: 1, decision: 'accepted' as const, outcome, durationMs, failed: [], retries: [] },
    campaign: null,
    error: outcome === 'failed' ? failure.error : null,
  });
  const data = (): DashboardData => ({
    ...memoryRun().data,
    facts: { place: name, hasHistory: true },
    runs: async () => [
      {
        ...{ ...past, state: 'failed', cancelledBy: name, wallMs: 1e6, busyMs: 1e6, nodes: 12, items: 1e5 },
        ...{ passed: 1e5 - 3, failed: 2, poison: 1, flaky: 12 },
      },
    ],
    failures: async () => [failure, { ...failure, isCounted: true }],
    flaky: async () => [
      {
        ...{ pipeline: name, file, test: past.test, commits: 1, passed: 1, failed: 1, lastAt: at },
        failures: [{ ...past, claimNumber: 1, wasRerun: true, error: failure.error }],
        lastCampaign: {
          ...{ runId: name, finishedAt: at, verdict: 'ORDER-DEPENDENT', condition: 'sequence', failures: 7, runs: 120 },
          command: ['npx', 'jest-distributed', 'grind', file.path, '--in-order'],
        },
      },
    ],
    slow: async () => [{ pipeline: name, file, test: past.test, executions: 1, meanMs: 61_000, longestMs: 3.6e6 }],
    executions: async () => [
      execution(61_000, 'passed'),
      execution(30_000, 'failed'),
      execution(900, 'passed'),
      execution(12_000, 'passed'),
    ],
  });

  test.each(DESKTOP_AND_PHONE)('nothing is cut or pushes the page aside: %s', async (_name, options) => {
    const address = await serveData(data());
    const faults: string[] = [];
    for (const route of [
      'runs',
      'failures',
      `failures?machine=${name}`,
      'flaky',
      'slow',
      'slow?of=tests',
      'file/a.js',
    ]) {
      const page = await openPage(`${address}#/${route}`, options);
      await waitForText(page, /some-name/);
      for (const details of await page.locator('main details:not([open]) > summary').all()) await details.click();
      if (await isTooWide(page)) faults.push(`${route}: too wide`);
      faults.push(...(await axeFaults(page)).map((fault) => `${route}: ${fault}`));
    }
    expect(faults).toEqual([]);
    const page = await openPage(`${address}#/file/a.js`, options);
    // As it is drawn: a text that is scaled down cannot be read.
    const texts = await page.locator('.chart > svg').evaluate((svg) => {
      const frame = svg.getBoundingClientRect();
      return [...svg.querySelectorAll('text')].map((text) => {
        const { left, right, height } = text.getBoundingClientRect();
        return { text: text.textContent, isInside: left >= frame.left && right <= frame.right, isLarge: height >= 11 };
      });
    });
    expect(texts.filter(({ isInside, isLarge }) => !isInside || !isLarge)).toEqual([]);
    expect(texts.map(({ text }) => text)).toEqual(['0 ms', '30.0 s', '1m 00s', '00:00 UTC', '00:00 UTC']);
  });
});

test('names and errors that would act are texts', async () => {
  const memory = memoryRun();
  const hostile = '<script>alert(1)</script><img src=x onerror=alert(2)>\u202egnp.exe\u001b[2J';
  const long = 'x'.repeat(1_000_000);
  memory.publish(runOf([planned(1, `${hostile}.test.js`)]));
  memory.publish(dated([0, { kind: 'node-started', node: 1, name: hostile, host: hostile }]));
  memory.publish(dated([1, { kind: 'file-started', node: 1, ...itemOf(hostile) }]));
  memory.publish(
    dated([2, failed(1, hostile, hostile, `${hostile}\n    at javascript:alert(3) (https://evil.example:1:1)`)]),
  );
  memory.publish(dated([2, failed(1, hostile, long, long.slice(0, 4_000))]));
  memory.publish(dated([3, ended(1, hostile, { failed: 2 })]));
  const address = await serveData(memory.data);
  const page = await openPage(`${address}#/run/1/failures`, phone);
  await waitForText(page, /2 failures/);
  expect(await page.locator('main script, main img').count()).toBe(0);
  const text = await textOf(page);
  expect([...text].filter((one) => one === '\u001b' || one === '\u202e')).toEqual([]);
  expect(text.length).toBeLessThan(20_000);
  expect(await isTooWide(page)).toBe(false);
  for (const tab of ['Overview', 'Timeline', 'Files']) {
    await page.getByRole('link', { name: tab }).click();
    await page.waitForSelector('main section');
    expect([tab, await isTooWide(page)]).toEqual([tab, false]);
  }
});

describe('others', () => {
  test('a page of another site gets nothing, however it asks', async () => {
    const memory = memoryRun();
    const address = await serveData(memory.data);
    const answered: string[] = [];
    const evil = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html');
      response.end(`<h1>evil</h1>
        <script src="${address}app.js" onload="window.leaks = ['script']"></script>
        <iframe src="${address}"></iframe><img src="${address}api/runs">`);
    });
    await new Promise<void>((resolve) => evil.listen(0, '127.0.0.1', resolve));
    closing.push(() => new Promise((resolve) => evil.close(resolve)));
    const context = await browser.newContext();
    const page = await context.newPage();
    page.on('response', (response) => {
      if (response.url().startsWith(address)) answered.push(`${response.status()}`);
    });
    const { port } = evil.address() as AddressInfo;
    await page.goto(`http://evil.example:${port}/`);
    const asked = await page.evaluate(async (target) => {
      const attempt = async (work: () => Promise<unknown>) =>
        work().then(
          () => 'answered',
          () => 'nothing',
        );
      return Promise.all([
        attempt(() => fetch(`${target}api/runs`)),
        attempt(async () => {
          // Without CORS it is sent, and what comes back cannot be read.
          const { type, status } = await fetch(`${target}api/runs`, { mode: 'no-cors' });
          if (type === 'opaque' && status === 0) throw new Error('opaque');
        }),
        attempt(
          () =>
            new Promise((resolve, reject) => {
              const source = new EventSource(`${target}api/runs/1/events`);
              source.onmessage = resolve;
              source.onerror = reject;
            }),
        ),
      ]);
    }, address);
    expect(asked).toEqual(['nothing', 'nothing', 'nothing']);
    expect(await page.evaluate(() => (window as unknown as { leaks?: string[] }).leaks ?? [])).toEqual([]);
    expect(new Set(answered)).toEqual(new Set(['403']));
    // The very address, by a name that leads here.
    const rebound = await page.goto(address.replace('localhost', 'rebound.example'));
    expect([rebound?.status(), await rebound?.text()]).toEqual([
      403,
      'This dashboard does not answer to that host name.\n',
    ]);
  });

  test('a token opens it, and is in no address afterwards', async () => {
    const memory = memoryRun();
    memory.publish(runOf([planned(1, 'a.test.js')]));
    const address = await serveData(memory.data, 'a-token-of-some-length');
    const context = await browser.newContext();
    const page = await context.newPage();
    expect((await page.goto(address))?.status()).toBe(401);
    await page.goto(`${address}?token=a-token-of-some-length`);
    await page.waitForSelector('main h1');
    expect(page.url()).toBe(address);
    await waitForText(page, /4711/);
    expect(await page.evaluate(() => document.cookie)).toBe('');
  });
});
