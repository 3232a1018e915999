// Bundles report-ui into dist/reports/page/assets.js and dist/dashboard/assets.js, plain modules of two strings. Called by
// scripts/build.mjs after the compiler; `node scripts/build-report-ui.mjs <file> [page]` writes one of them elsewhere.
//
// Preact, because it is the smallest of the well-kept libraries with components (about 5 kB compressed, no dependencies)
// and the page is one file that every run carries; esbuild, because it bundles TypeScript, JSX and CSS without plugins.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

const dist = path.join(root, 'dist');

/** What is made: a module of two strings for each page. */
const pages = {
  report: { script: 'report-ui/main.tsx', styles: 'report-ui/styles.css', file: 'reports/page/assets.js' },
  dashboard: {
    ...{ script: 'report-ui/dashboard/main.tsx', styles: 'report-ui/dashboard/dashboard.css' },
    file: 'dashboard/assets.js',
  },
};

/**
 * @param {keyof typeof pages} page
 * @param {string} [file] where the module of strings goes
 */
async function buildPage(page, file = path.join(dist, pages[page].file)) {
  const { script, styles } = pages[page];
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: { script, styles },
    outdir: 'unused',
    write: false,
    bundle: true,
    minify: true,
    format: 'iife',
    // The browsers of early 2024, the first that all know light-dark().
    target: ['chrome123', 'firefox120', 'safari17.5'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'none',
    // No end tag may stand in either text; esbuild writes `<\/script` by itself, and `<\/style` in CSS.
    charset: 'ascii',
    tsconfigRaw: {},
  });
  const text = (name) => outputFiles.find((output) => output.path.endsWith(name)).text.trim();
  const assets = { script: text('.js'), styles: text('.css') };
  if (/<\/script|<!--/i.test(assets.script) || /<\/style/i.test(assets.styles)) {
    throw new Error('The bundle of report-ui holds text that would end its element.');
  }
  mkdirSync(path.dirname(file), { recursive: true });
  const lines = Object.entries(assets).map(([name, value]) => `exports.${name} = ${JSON.stringify(value)};`);
  writeFileSync(file, `'use strict';\n${lines.join('\n')}\n`);
  writeFileSync(
    file.replace(/\.js$/, '.d.ts'),
    'export declare const script: string;\nexport declare const styles: string;\n',
  );
}

export async function buildReportUi() {
  await Promise.all(Object.keys(pages).map((page) => buildPage(page)));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , file, page = 'report'] = process.argv;
  await (file === undefined ? buildReportUi() : buildPage(page, path.resolve(file)));
}
