/**
 * report.html: one file that holds everything and asks the network for nothing, so that it opens from an artifact, a mail
 * attachment or a disk.
 */
import { createHash } from 'node:crypto';
import type { RunReport } from '../run-report/run-report';
import { escapeHtml } from './escape-html';
import { staticSummary } from './static-summary';

/** What the build makes of report-ui. */
export interface PageAssets {
  readonly script: string;
  readonly styles: string;
}

/**
 * The whole page.
 *
 * Its policy lets only this very script and style sheet act (by their hashes), so that even a mistake in escaping could
 * not run what a test printed, and nothing can be fetched or sent.
 *
 * @example writeFileSync('report.html', reportPage(report, require('jest-distributed/dist/reports/page/assets.js')))
 */
export function reportPage(report: RunReport, { script, styles }: PageAssets): string {
  const policy = [
    "default-src 'none'",
    `script-src ${sourceHash(script)}`,
    `style-src ${sourceHash(styles)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    '<meta name="referrer" content="no-referrer">',
    `<title>${escapeHtml(titleOf(report))}</title>`,
    `<link rel="icon" href="${iconOf(report)}">`,
    `<style>${styles}</style>`,
    '</head>',
    '<body>',
    `<div id="app">${staticSummary(report)}</div>`,
    `<script type="application/json" id="report">${embeddedJson(report)}</script>`,
    `<script>${script}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function titleOf({ verdict, run }: RunReport): string {
  const word = { passed: 'Passed', failed: 'Failed', unproven: 'Not proven' }[verdict.outcome];
  return `${word} · run ${run.id}`;
}

/**
 * JSON inside a script element: no `<` may stand in it, because `</script` ends and `<!--` bends the element wherever it
 * stands.
 */
export function embeddedJson(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
}

function sourceHash(source: string): string {
  return `'sha256-${createHash('sha256').update(source).digest('base64')}'`;
}

/** A disc that shows the verdict among many tabs. */
function iconOf({ verdict }: RunReport): string {
  const [color, sign] = verdict.ok ? ['17693c', 'M4 8.5l2.7 2.7L12 5.5'] : ['b3261e', 'M5 5l6 6M11 5l-6 6'];
  const svg = `<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'><circle cx='8' cy='8' r='8' fill='#${color}'/><path d='${sign}' fill='none' stroke='#fff' stroke-width='2'/></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
