/**
 * Takes the pictures of the dashboard, of the report page and of GitHub's step summary, of a real run with a failure and
 * a flaky test:
 *
 *     npm run build && node scripts/take-pictures.mjs
 *
 * GitHub's own style is imitated; needs Chromium (CHROMIUM_PATH).
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { marked } from 'marked';
import { chromium } from 'playwright-core';
import { command, environment, images, withExample } from './example-copy.mjs';

const LARGEST_BYTES = 150_000;
const WIDTH = 1000;

const TESTS = {
  'cart/total.test.js': `const { total } = require('./total');
test('adds what is in the cart', () => {
  expect(total([{ price: 2, count: 3 }])).toBe(6);
});
test('takes the discount of a voucher', () => {
  expect(total([{ price: 10, count: 2 }], { percent: 15 })).toBe(17);
});
`,
  'cart/total.js': `exports.total = (items, voucher = { percent: 0 }) =>
  items.reduce((sum, { price, count }) => sum + price * count, 0) - voucher.percent;
`,
  'cart/stock.test.js': `const { existsSync, writeFileSync } = require('node:fs');
jest.retryTimes(2);
test('sees what another request has just reserved', () => {
  const isSecond = existsSync('reserved');
  writeFileSync('reserved', '');
  expect(isSecond ? 'reserved' : 'free').toBe('reserved');
});
`,
};

const SUMMARY_STYLE = `
body{margin:0;padding:20px;width:${WIDTH - 40}px;font:16px/1.5 -apple-system,'Segoe UI','DejaVu Sans',sans-serif;color:#1f2328}
h2{border-bottom:1px solid #d1d9e0;padding-bottom:6px;margin:20px 0 12px} h3{margin:20px 0 12px}
table{border-collapse:collapse;margin:12px 0;display:block;max-width:100%} th,td{border:1px solid #d1d9e0;padding:5px 12px;font-size:15px}
tr:nth-child(2n){background:#f6f8fa} code{background:#eff1f3;border-radius:6px;padding:2px 5px;font-size:85%}
code,pre{font-family:ui-monospace,'DejaVu Sans Mono',monospace} pre{background:#f6f8fa;border-radius:6px;padding:12px;font-size:13px;overflow:hidden}
pre code{background:none;padding:0}`;

const CROSS =
  '<svg width="22" height="22" viewBox="0 0 16 16"><path d="M2 2l12 12M14 2L2 14" stroke="#cf222e" stroke-width="3.5"/></svg>';

function findBrowser() {
  const places = ['chromium', 'chromium-browser', 'google-chrome'].map((name) => `/usr/bin/${name}`);
  const found = [process.env.CHROMIUM_PATH ?? '', ...places].find((place) => place !== '' && existsSync(place));
  if (found === undefined) throw new Error('No Chromium: install one, or name it in CHROMIUM_PATH.');
  return found;
}

async function shoot(browser, name, content, find) {
  const context = await browser.newContext({ viewport: { width: WIDTH, height: 900 }, colorScheme: 'light' });
  const page = await context.newPage();
  await page.goto(content);
  const file = path.join(images, `${name}.png`);
  await page.screenshot({ path: file, ...(await find(page)) });
  await context.close();
  const { size } = statSync(file);
  if (size > LARGEST_BYTES) throw new Error(`${file} has ${size} bytes; ${LARGEST_BYTES} are the most.`);
  console.log(`${file}: ${Math.round(size / 1024)} kB`);
}

/** The page of a run that goes on, once half of its files have run and its failure is there. */
async function shootDashboard(browser, folder) {
  const [node, cli] = command;
  const run = spawn(node, [cli, 'run', '--local', '--nodes', '4', '--ui'], { cwd: folder, env: environment });
  const ended = once(run, 'close');
  try {
    const address = await new Promise((resolve, reject) => {
      let text = '';
      const read = (chunk) => {
        text += chunk;
        const [found] = /http:\/\/127\.0\.0\.1:\d+\S*/.exec(text) ?? [];
        if (found !== undefined) resolve(found);
      };
      for (const stream of [run.stdout, run.stderr]) stream.setEncoding('utf8').on('data', read);
      run.once('close', () => reject(new Error(`The run ended without a page:\n${text}`)));
    });
    await shoot(browser, 'dashboard', address, async (page) => {
      await page.getByText('1 test failed').first().waitFor();
      await page.waitForTimeout(1500);
      return { clip: { x: 0, y: 0, width: WIDTH, height: 640 } };
    });
  } finally {
    await ended;
  }
}

await withExample(async (folder) => {
  const [node, cli] = command;
  const run = (variables) =>
    spawnSync(node, [cli, 'run', '--local', '--nodes', '4'], {
      cwd: folder,
      env: { ...environment, ...variables },
      encoding: 'utf8',
    });
  // The first run knows no durations and records them.
  run({});
  for (const [name, text] of Object.entries(TESTS)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  const summary = path.join(folder, 'summary.md');
  const { status, stderr } = run({ GITHUB_STEP_SUMMARY: summary });
  if (status !== 1) throw new Error(`One test fails, so the run ends with 1, and not with ${status}:\n${stderr}`);
  const html = path.join(folder, 'summary.html');
  // No font of the machine need have the sign; and two of what can be opened are open: the failure and the nodes.
  const body = marked
    .parse(readFileSync(summary, 'utf8'), { gfm: true })
    .replace('❌', CROSS)
    .replace('<details>', '<details open>')
    .replace('<details><summary>4 nodes', '<details open><summary>4 nodes');
  writeFileSync(html, `<!doctype html><meta charset="utf-8"><style>${SUMMARY_STYLE}</style>${body}`);
  const browser = await chromium.launch({
    executablePath: findBrowser(),
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars'],
  });
  try {
    mkdirSync(images, { recursive: true });
    await shootDashboard(browser, folder);
    const report = pathToFileURL(path.join(folder, '.jest-distributed', 'report.html')).href;
    await shoot(browser, 'timeline', report, async (page) => {
      // The nodes, and right below them the timeline.
      const top = await page.getByRole('heading', { name: 'Nodes and balance' }).boundingBox();
      const timeline = await page.locator('section[aria-labelledby="timeline"]').boundingBox();
      const y = Math.floor(top.y - 16);
      const height = Math.ceil(timeline.y + timeline.height + 16 - y);
      return { fullPage: true, clip: { x: 0, y, width: WIDTH, height } };
    });
    await shoot(browser, 'step-summary', pathToFileURL(html).href, async (page) => {
      const height = await page.evaluate('document.body.scrollHeight');
      return { fullPage: true, clip: { x: 0, y: 0, width: WIDTH, height: Math.min(height, 1000) } };
    });
  } finally {
    await browser.close();
  }
});
