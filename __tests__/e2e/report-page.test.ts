/// <reference lib="dom" />
/** report.html in a real Chromium: what people do with it, and what it must never do. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { type PageAssets, reportPage } from '../../src/reports/page/report-page';
import { createReportBuilder } from '../../src/reports/run-report/report-builder';
import type { RunReport } from '../../src/reports/run-report/run-report';
import {
  endOf,
  exitOf,
  metadataOf,
  outcomeOf,
  realRun,
  sampleRun,
  testOf,
  verdictOf,
} from '../reports/run-report/sample-run';
import { axeFaults, isTooWide, launchBrowser, phone } from '../support/browser';

jest.setTimeout(120_000);

const root = path.resolve(__dirname, '..', '..');
const folder = mkdtempSync(path.join(tmpdir(), 'report-page-'));
let assets: PageAssets;
let browser: Browser;
/** What no page may do: ask for anything, or complain. */
let misdeeds: string[] = [];

beforeAll(async () => {
  const file = path.join(folder, 'assets.js');
  execFileSync(process.execPath, [path.join(root, 'scripts', 'build-report-ui.mjs'), file]);
  assets = createRequire(__filename)(file) as PageAssets;
  browser = await launchBrowser();
});

afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  const seen = misdeeds;
  misdeeds = [];
  expect(seen).toEqual([]);
});

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

function write(name: string, report: RunReport): string {
  const file = path.join(folder, `${name}.html`);
  writeFileSync(file, reportPage(report, assets));
  return pathToFileURL(file).href;
}

async function openPage(url: string, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.on('console', (message) => misdeeds.push(`console ${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => misdeeds.push(`error: ${error.message}`));
  page.on('request', (request) => {
    if (!/^(file|data):/.test(request.url())) misdeeds.push(`request: ${request.url()}`);
  });
  await page.goto(url);
  await page.waitForSelector('main h1');
  return page;
}

const size = { nodes: 4, files: 60, testsPerFile: 10, projects: ['api', 'web'] };
const failing = sampleRun({ ...size, failEvery: 14 });
const lost = sampleRun({
  ...{ ...size, missing: [3], cut: [2] },
  findings: [
    {
      code: 'missing-node',
      severity: 'error',
      message: 'The blob of node 3 of 4 is missing.',
      remedy: "Look at that node's job.",
      nodes: [3],
      items: ['a', 'b'],
    },
    {
      ...({ code: 'missing-items', severity: 'error', cause: 'missing-node' } as const),
      ...{
        message: '2 files never ran.',
        remedy: 'Correct missing-node first (above).',
        nodes: [3],
        items: ['c', 'd'],
      },
    },
  ],
});
/** As a CI without colours leaves it: three tests that met one fault, and a comparison. */
function plainRun(): RunReport {
  const builder = createReportBuilder({ web: { remote: 'git@github.com:acme/shop.git', runPage: null } });
  builder.node(metadataOf(1, 1, { provider: 'GitHub Actions' }));
  const messages = [
    'Error: expect(received).toEqual(expected) // deep equality\n\n- Expected  - 1\n+ Received  + 1\n\n  Object {\n-   "a": 1,\n+   "a": 2,\n  }\n    at Object.toEqual (src/a.test.js:7:3)',
    ...[5432, 5433, 5434].map((port) => `Error: connect ECONNREFUSED 127.0.0.1:${port}`),
  ];
  const tests = messages.map((message, index) => testOf([`test ${index}`], 'failed', { failureMessages: [message] }));
  builder.file(1, outcomeOf({ path: 'src/a.test.js' }, tests));
  builder.end(1, endOf(500), exitOf());
  return builder.finish({ proof: verdictOf(1) });
}

const large = sampleRun({ nodes: 50, files: 5000, testsPerFile: 4, failEvery: 400 });

const routes = [
  ...[
    '#/files?sort=folder',
    '#/',
    '#/failures',
    '#/timeline',
    '#/files',
    '#/tests',
    '#/tests?text=matches+nothing',
    '#/nowhere',
  ],
  '#/file/src/cart.test.js',
  '#/test/src/cart.test.js?name=cart+throws+several',
];

describe('the verdict', () => {
  test.each([
    ['Passed', sampleRun(size)],
    ['Failed', failing],
    ['Not proven', lost],
  ])('%s stands first and in the title', async (word, report) => {
    const page = await openPage(write('verdict', report));
    expect(await page.locator('main > :first-child h1').textContent()).toBe(word);
    expect(await page.locator('main > :first-child').textContent()).toContain(report.verdict.headline);
    expect(await page.title()).toBe(`Overview · ${word} · run 4711`);
  });

  test('names the node without a report and what to do', async () => {
    const page = await openPage(write('lost', lost));
    const finding = page.getByRole('listitem').filter({ hasText: 'The blob of node 3 of 4 is missing.' });
    expect(await finding.textContent()).toContain("Look at that node's job.");
    // What comes of it is folded below it, and is no finding of its own.
    expect(await finding.getByText('Because of this: 1 more finding').count()).toBe(1);
    expect(await finding.textContent()).toContain('2 files never ran. [missing-items]');
    expect(await page.locator('.finding-error').count()).toBe(1);
    expect(await page.locator('.node-missing').textContent()).toContain('no report');
    expect(await page.getByText('npx jest-distributed run --nodes 4 --node-number 3').count()).toBe(1);
  });

  test('can be read where no script may run', async () => {
    const page = await openPage(write('failing', failing), { javaScriptEnabled: false });
    const text = (await page.locator('main').textContent()) ?? '';
    expect(text).toContain('Failed');
    expect(text).toContain('4 of 600 tests failed in 4 files.');
    expect(text).toContain('handles input 2');
    expect(text).toContain('Without scripts');
  });
});

describe('what passed only on a later try', () => {
  const builder = createReportBuilder();
  ['ann', 'bob'].forEach((name, index) => {
    const queue = { pipeline: 'web', runId: '77', served: 'database', session: name, node: name } as const;
    builder.node(metadataOf(index + 1, 2, { queue }));
  });
  const adds = { ancestorTitles: ['cart'], title: 'adds', fullName: 'cart adds', occurrence: 1 };
  builder.tried({
    ...{ file: { project: null, path: 'src/cart.test.js' }, part: null, kind: 'retried', outcome: 'failed' },
    ...{ node: 1, nodeName: 'ann', startMs: null, durationMs: 400 },
    tests: [{ ...adds, outcome: 'failed', durationMs: 40, failureMessages: ['Error: the reason 42'], earlier: [] }],
    failure: '  ● cart › adds\n\n    the reason 42\n\n      at src/cart.test.js:3:9\n',
  });
  builder.file(2, outcomeOf({ path: 'src/cart.test.js' }, [testOf(['cart', 'adds'], 'passed')]));
  for (const node of [1, 2]) builder.end(node, endOf(3000), exitOf());
  const flaky = builder.finish({ proof: verdictOf(2), exitCode: 0 });

  test.each([
    ['desktop', {}],
    ['phone, dark', { ...phone, colorScheme: 'dark' } as const],
  ])('is on the overview by name and first error, and unfolds to every try (%s)', async (_name, options) => {
    const page = await openPage(write('flaky', flaky), options);
    const card = page.locator('section[aria-labelledby=flaky] .flaky');
    expect(await page.locator('#flaky').textContent()).toBe('Flaky: 1 test passed only on a later try');
    expect(await card.locator('summary').textContent()).toMatch(
      /cart › adds.*at try 2 on node 2 \(bob\).*the reason 42/,
    );
    await card.locator('summary').click();
    expect(await card.locator('.tries').textContent()).toMatch(/^Try 1: failed on node 1 \(ann\) after 40 ms, sent on/);
    expect(await card.locator('.tries pre').textContent()).toContain('at src/cart.test.js:3:9');
    expect(await isTooWide(page)).toBe(false);
    await card.locator('.links a').first().click();
    expect(await page.locator('main').textContent()).toMatch(/flaky \(passed at try 2\).*Earlier tries.*the reason 42/);
  });
});

describe('what failed', () => {
  test('shows tracebacks in colours, below the name', async () => {
    const page = await openPage(write('real', realRun(30)));
    const card = page.locator('.failure').filter({ hasText: 'adds 0.1 and 0.2' });
    expect(await card.locator('.ansi').textContent()).toContain('>  7 |       expect(total([10, 20])).toBe(31);');
    expect(await card.locator('.ansi .fg-green').first().textContent()).toBe('expected');
    expect(await page.locator('body').textContent()).not.toContain('\u001b');
  });

  test('shows failures of one message together, without colours in the colours of a comparison, with addresses on the web', async () => {
    const page = await openPage(write('plain', plainRun()));
    const cards = page.locator('.failure');
    // The other two are behind the first.
    expect(await cards.count()).toBe(2);
    expect(await cards.first().locator('.group').textContent()).toBe(
      '3 failures with one message: Error: connect ECONNREFUSED 127.0.0.1:5432',
    );
    expect(await cards.nth(1).locator('.ansi .fg-green').nth(1).textContent()).toBe('- Expected  - 1');
    expect(await cards.nth(1).locator('.ansi .fg-red').nth(1).textContent()).toBe('+ Received  + 1');
    const addresses = await page
      .locator('a[target=_blank]')
      .evaluateAll((links) => links.map((one) => (one as HTMLAnchorElement).href));
    const commit = '0a1b2c3d4e5f60718293a4b5c6d7e8f901234567';
    expect(addresses).toEqual([
      `https://github.com/acme/shop/blob/${commit}/src/a.test.js#L7`,
      'https://github.com/acme/shop/actions/runs/4711',
      `https://github.com/acme/shop/commit/${commit}`,
    ]);
    await page.getByRole('link', { name: 'All 4 failures' }).click();
    await page.waitForSelector('.filter');
    expect(await page.locator('.failure').count()).toBe(4);
    expect(await page.locator('.group').count()).toBe(1);
  });

  test('leads to the test, its file, and what was printed', async () => {
    const page = await openPage(write('real', realRun(30)));
    await page.locator('.failure').first().getByRole('link', { name: 'src/broken.test.js' }).click();
    expect(await page.locator('h1').textContent()).toContain('src/broken.test.js');
    await page.goBack();
    await page.locator('.failure').nth(1).getByRole('link').first().click();
    expect(await page.locator('h1').textContent()).toContain('adds 0.1 and 0.2 | in `cents`');
    expect(await page.locator('.console').textContent()).toContain('adding { a: 1 }');
  });

  test('can be copied as a text, and its file shows its tests by describe block, files by folder', async () => {
    const page = await openPage(write('real', realRun(30)), { permissions: ['clipboard-read', 'clipboard-write'] });
    const card = page.locator('.failure').filter({ hasText: 'adds 0.1 and 0.2' });
    await card.getByRole('button', { name: /^Copy this failure/ }).click();
    await page.waitForFunction(() => document.querySelector('main')?.textContent?.includes('Copied'));
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toMatch(/^src\/cart\.test\.js: .*adds 0\.1 and 0\.2[\s\S]*Expected: /);
    expect(copied).not.toContain('\u001b');
    await card.locator('.links a').last().click();
    await page.waitForSelector('.tree summary');
    expect(await page.locator('.tree').textContent()).toContain('adds 0.1 and 0.2');
    await page.goto(`${write('real', realRun(30))}#/files?sort=folder`);
    await page.waitForSelector('.tree');
    expect(await page.locator('.tree > details > summary').first().textContent()).toMatch(
      /^src\/ \d+ files, \d+ failed/,
    );
  });

  test('tells two tests of one name apart', async () => {
    const url = write('real', realRun(30));
    const first = await openPage(`${url}#/test/src/cart.test.js?name=cart+same+name`);
    expect(await first.locator('.ansi').first().textContent()).toContain('> 20 |');
    const second = await openPage(`${url}#/test/src/cart.test.js?name=cart+same+name&occurrence=2`);
    expect(await second.locator('.ansi').first().textContent()).toContain('> 21 |');
  });
});

describe('finding things', () => {
  const rows = (page: Page) => page.locator('.rows > li');

  test('filters by status, node, project and words together, in the address too', async () => {
    const page = await openPage(`${write('failing', failing)}#/tests`);
    await page.getByLabel('Status').selectOption('flaky');
    const flaky = failing.totals.flaky;
    expect(await page.locator('.filter [role=status]').textContent()).toBe(`${flaky} of 600 tests`);
    expect(await rows(page).count()).toBe(flaky);
    await page.getByLabel('Node').selectOption('1');
    await page.getByLabel('Project').selectOption('api');
    await page.getByRole('searchbox').fill('INPUT parser');
    const texts = await rows(page).allTextContents();
    expect(texts.length).toBeGreaterThan(0);
    for (const text of texts) expect(text).toMatch(/parser.*api.*node 1 · passed at try 2/);
    await page.waitForFunction(() => location.hash.includes('text=INPUT+parser'));
    expect(page.url()).toContain('#/tests?status=flaky&node=1&project=api&text=INPUT+parser');

    await page.reload();
    expect(await rows(page).allTextContents()).toEqual(texts);
    await page.getByRole('button', { name: 'Clear filters' }).click();
    expect(await page.locator('.filter [role=status]').textContent()).toBe('All 600 tests');
  });

  test('orders by duration', async () => {
    const page = await openPage(`${write('failing', failing)}#/files?sort=slowest`);
    const slowest = failing.files[failing.slowest.files[0] ?? -1];
    expect(await rows(page).first().textContent()).toContain(slowest?.path);
    expect(await page.getByLabel('Order').inputValue()).toBe('slowest');
  });

  test('a number leads to its tests', async () => {
    const page = await openPage(write('failing', failing));
    await page.getByRole('link', { name: '4 failed' }).click();
    expect(await rows(page).count()).toBe(4);
  });

  test('says so where nothing matches, and where nothing failed', async () => {
    const none = await openPage(`${write('failing', failing)}#/files?text=no+such+file`);
    expect(await none.locator('.empty').textContent()).toContain('No file matches');
    const passed = await openPage(`${write('passing', sampleRun(size))}#/failures`);
    expect(await passed.locator('.empty').textContent()).toBe('No test failed.');
  });

  test('keeps up with 20,000 tests', async () => {
    const page = await openPage(`${write('large', large)}#/tests`);
    expect(await rows(page).count()).toBe(200);
    await page.getByRole('button', { name: 'Show 200 more' }).click();
    expect(await rows(page).count()).toBe(400);
    // The keyboard goes on where the list did.
    await page.waitForFunction(() => document.activeElement?.closest('li') !== null);
    expect(
      await page.evaluate(() => {
        const row = document.activeElement?.closest('li') as HTMLElement;
        return Array.from(row.parentElement?.children ?? []).indexOf(row);
      }),
    ).toBe(200);
    const path = large.files[4321]?.path ?? '';
    await page.getByRole('searchbox').fill(path);
    expect(await page.locator('.filter [role=status]').textContent()).toBe('4 of 20,000 tests');
  });
});

describe('deep links', () => {
  const odd = ['100% sure? #1 & more', 'ünïcode/😀 file', 'a b/<c>"d\'/e%2Ff', '../up'];

  test('lead to files and tests of any name, and back', async () => {
    const builder = createReportBuilder();
    builder.node(metadataOf(1, 1));
    for (const name of odd) {
      builder.file(1, outcomeOf({ project: name, path: name }, [testOf([name, name], 'passed')]));
    }
    builder.end(1, endOf(500), exitOf());
    const url = write('odd', builder.finish({ proof: verdictOf(1) }));
    const page = await openPage(`${url}#/files?sort=name`);
    for (const name of [...odd].sort()) {
      await page.getByRole('link', { name, exact: false }).filter({ hasText: name }).first().click();
      expect(await page.locator('h1 .path').textContent()).toBe(name);
      await page.locator('.rows a').click();
      await page.waitForSelector('.crumbs');
      expect(await page.locator('h1').textContent()).toContain(name);
      const again = await openPage(page.url());
      expect(await again.locator('h1').textContent()).toContain(name);
      await again.context().close();
      await page.goBack();
      await page.goBack();
      await page.waitForSelector('.filter');
    }
  });

  test('say what this report does not have', async () => {
    const url = write('failing', failing);
    for (const route of ['#/file/gone.js', '#/test/gone.js?name=x', '#/nowhere']) {
      const page = await openPage(`${url}${route}`);
      expect(await page.locator('h1').textContent()).toBe('Not in this report');
    }
  });

  test('move the focus to the new heading, and back to the old place', async () => {
    const page = await openPage(`${write('failing', failing)}#/files`);
    const link = page.locator('.rows a').nth(50);
    await link.scrollIntoViewIfNeeded();
    const before = await page.evaluate(() => scrollY);
    expect(before).toBeGreaterThan(500);
    await link.click();
    await page.waitForFunction(() => scrollY === 0 && document.activeElement?.tagName === 'H1');
    await page.goBack();
    await page.waitForFunction((place) => Math.abs(scrollY - place) < 2, before);
  });
});

describe('the timeline', () => {
  test('tells what lies under the pointer without moving anything', async () => {
    const page = await openPage(`${write('large', large)}#/timeline`);
    const lane = page.locator('.lane .track').first();
    const before = await lane.boundingBox();
    await lane.hover({ position: { x: (before?.width ?? 0) / 3, y: 5 } });
    const readout = page.locator('.readout');
    expect(await readout.textContent()).toMatch(/\.test\.js.* on node 1, worker 1/);
    expect(await lane.boundingBox()).toEqual(before);
  });

  test('can be walked through by keyboard', async () => {
    const page = await openPage(`${write('failing', failing)}#/timeline`);
    const files = failing.files.filter(({ node, worker }) => node === 1 && worker === 1);
    await page.getByRole('application').focus();
    const pointed = () => page.locator('.readout .path').textContent();
    await page.keyboard.press('ArrowRight');
    expect(await pointed()).toBe(files[0]?.path);
    await page.keyboard.press('ArrowRight');
    expect(await pointed()).toBe(files[1]?.path);
    await page.keyboard.press('End');
    expect(await pointed()).toBe(files.at(-1)?.path);
    await page.keyboard.press('ArrowDown');
    expect(await page.locator('.readout').textContent()).toContain('on node 1, worker 2');
    const path = await pointed();
    await page.keyboard.press('Enter');
    await page.waitForSelector('.plain');
    expect(await page.locator('h1 .path').textContent()).toBe(path);
  });

  test('stays small whatever ran', async () => {
    const page = await openPage(`${write('large', large)}#/timeline`);
    expect(await page.locator('.lane').count()).toBe(100);
    expect(await page.locator('.timeline *').count()).toBeLessThan(1500);
  });

  test('draws faintly what a filter leaves out, and zooms', async () => {
    const page = await openPage(`${write('failing', failing)}#/timeline?status=failed`);
    expect(await page.locator('.filter [role=status]').textContent()).toBe('4 of 60 file runs');
    expect(await page.locator('.bar-passed').count()).toBe(0);
    expect(await page.locator('.bar-failed').count()).toBeGreaterThan(0);
    const width = async () => (await page.locator('.lanes-inner').boundingBox())?.width ?? 0;
    const before = await width();
    await page.getByRole('button', { name: 'Zoom in' }).click();
    expect(await width()).toBeCloseTo(2 * before, 0);
  });

  test('lines nodes up by itself where they ran far apart', async () => {
    const builder = createReportBuilder();
    for (const node of [1, 2]) {
      const from = metadataOf(node, 2).startMs + (node - 1) * 86_400_000;
      builder.node(metadataOf(node, 2, { startMs: from }));
      builder.file(node, outcomeOf({ path: `${node}.js` }, [testOf(['t'], 'passed')], { startMs: from + 100 }));
      builder.end(node, endOf(1000), exitOf());
    }
    const page = await openPage(`${write('apart', builder.finish({ proof: verdictOf(2) }))}#/timeline`);
    expect(await page.getByLabel('Line up starts').isChecked()).toBe(true);
    const bars = page.locator('.lane path');
    expect(await bars.nth(0).getAttribute('d')).toBe(await bars.nth(1).getAttribute('d'));
  });
});

describe('safety', () => {
  const evil = [
    '</script><script>window.pwned=1</script>',
    '<img src=x onerror="window.pwned=1">',
    '<!--<script>',
    '\u2028\u2029\u001b]8;;javascript:window.pwned=1\u0007link\u001b]8;;\u0007',
    'javascript:window.pwned=1',
  ];

  function evilReport(): RunReport {
    const builder = createReportBuilder();
    builder.node(metadataOf(1, 1, { host: evil[1] ?? '', commit: evil[0] ?? '' }));
    for (const text of evil) {
      const failed = testOf([text, text], 'failed', { failureMessages: [`${text}\n\u001b[31m${text}`] });
      const printed = [{ type: text, message: text, origin: text }];
      builder.file(1, outcomeOf({ project: text, path: text }, [failed], { console: printed }));
    }
    builder.end(1, endOf(500), exitOf());
    const findings = evil.map((text) => ({
      ...({ code: 'missing-items', severity: 'error', message: text, remedy: text } as const),
      ...{ nodes: [1], items: [text, `${text} `] },
    }));
    return builder.finish({ proof: verdictOf(1, findings), problems: evil });
  }

  test('what a test is called or prints never runs', async () => {
    const url = write('evil', evilReport());
    const page = await openPage(url);
    for (const link of await page.locator('a').evaluateAll((all) => all.map((a) => (a as HTMLAnchorElement).href))) {
      expect(link.startsWith(url)).toBe(true);
      await page.goto(link);
      await page.waitForSelector('main h1');
      expect(await page.evaluate(() => (window as { pwned?: number }).pwned)).toBeUndefined();
    }
    expect(await page.locator('img').count()).toBe(0);
    await page.goto(`${url}#/tests`);
    const text = (await page.locator('main').textContent()) ?? '';
    for (const name of evil.slice(0, 3)) expect(text).toContain(name);
    const still = await openPage(url, { javaScriptEnabled: false });
    expect(await still.locator('img, main script').count()).toBe(0);
  });

  test('the policy lets no other script run and nothing out', async () => {
    const page = await openPage(write('failing', failing));
    await page.evaluate(() => {
      document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.pwned = 1' }));
    });
    expect(await page.evaluate(() => (window as { pwned?: number }).pwned)).toBeUndefined();
    const refused = await page.evaluate(() =>
      fetch('https://example.invalid/').then(
        () => 'fetched',
        () => 'refused',
      ),
    );
    expect(refused).toBe('refused');
    expect(misdeeds.filter((text) => text.startsWith('request'))).toEqual([]);
    expect(misdeeds.join('\n')).toContain('Content Security Policy');
    misdeeds = [];
  });
});

describe('for everybody', () => {
  test.each(['light', 'dark'] as const)('has no flaw that axe finds (%s)', async (colorScheme) => {
    const url = write('real', realRun(30));
    const lostUrl = write('lost', lost);
    const found: string[] = [];
    const page = await openPage(url, { colorScheme });
    const plainUrl = write('plain', plainRun());
    const others = [lostUrl, `${lostUrl}#/files`, plainUrl, `${plainUrl}#/failures`];
    for (const target of [...routes.map((route) => url + route), ...others]) {
      await page.goto(target);
      await page.waitForSelector('main h1');
      found.push(...(await axeFaults(page)).map((text) => `${target.slice(target.indexOf('#'))} ${text}`));
    }
    expect(found).toEqual([]);
  });

  test.each([
    ['real', realRun(30)],
    ['plain', plainRun()],
    ['lost', lost],
    ['large', large],
  ])('fits a phone without moving sideways (%s)', async (name, report) => {
    const url = write(name, report);
    const page = await openPage(url, phone);
    for (const route of routes) {
      await page.goto(url + route);
      await page.waitForSelector('main h1');
      expect([route, await page.evaluate(() => document.documentElement.scrollWidth)]).toEqual([route, 360]);
    }
  });

  test('goes by keyboard with a focus that can be seen', async () => {
    const page = await openPage(write('failing', failing));
    const names: string[] = [];
    for (let press = 0; press < 40; press++) {
      await page.keyboard.press('Tab');
      const [name, outline] = await page.evaluate(() => {
        const focused = document.activeElement as HTMLElement;
        const { outlineStyle, outlineWidth } = getComputedStyle(focused);
        return [focused.textContent || focused.ariaLabel || '', `${outlineStyle} ${outlineWidth}`] as const;
      });
      expect([name, outline]).toEqual([name, 'solid 2px']);
      names.push(name);
    }
    expect(names.slice(0, 6)).toEqual(['Skip to the content', 'Overview', 'Failures 4', 'Timeline', 'Files', 'Tests']);
    await page.reload();
    await page.waitForSelector('main h1');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
    // A failure folds and unfolds.
    const summary = page.locator('.failure summary').last();
    await summary.focus();
    await page.keyboard.press('Enter');
    expect(await page.locator('.failure details').last().getAttribute('open')).not.toBeNull();
  });

  test('is dark or light as the system is, or as chosen', async () => {
    const url = write('failing', failing);
    const background = (page: Page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await background(await openPage(url, { colorScheme: 'light' }));
    const page = await openPage(url, { colorScheme: 'dark' });
    const dark = await background(page);
    expect(dark).not.toBe(light);
    await page.getByRole('button', { name: 'Use the light theme' }).click();
    expect(await background(page)).toBe(light);
    await page.reload();
    await page.waitForSelector('main h1');
    expect(await background(page)).toBe(light);
  });

  test('does not jump while it loads', async () => {
    for (const options of [{}, phone]) {
      const page = await openPage(write('large', large), options);
      const shift = await page.evaluate(
        () =>
          new Promise<number>((resolve) => {
            let sum = 0;
            new window.PerformanceObserver((list) => {
              for (const entry of list.getEntries()) sum += (entry as unknown as { value: number }).value;
            }).observe({ type: 'layout-shift', buffered: true });
            requestAnimationFrame(() => setTimeout(() => resolve(sum), 100));
          }),
      );
      expect(shift).toBeLessThan(0.01);
    }
  });

  test('prints what matters and nothing to press', async () => {
    const page = await openPage(write('failing', failing));
    await page.emulateMedia({ media: 'print' });
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    expect(await page.locator('.verdict').isVisible()).toBe(true);
    expect(await page.locator('.header').isVisible()).toBe(false);
    expect(await page.locator('.copy').first().isVisible()).toBe(false);
    expect(await page.locator('.failure .ansi').last().isVisible()).toBe(true);
    expect((await page.pdf({ format: 'A4' })).length).toBeGreaterThan(10_000);
  });

  test('shows an empty run as such', async () => {
    const report = createReportBuilder().finish({ proof: { ...verdictOf(0), ok: false } });
    for (const route of ['', '#/failures', '#/timeline', '#/files', '#/tests']) {
      const page = await openPage(write('empty', report) + route);
      expect(await page.locator('.empty').first().textContent()).toMatch(/^No /);
      await page.context().close();
    }
  });
});
