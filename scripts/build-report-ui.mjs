// Bundles report-ui into dist/reports/page/assets.js, a plain module of two strings. Called by scripts/build.mjs after
// the compiler; `node scripts/build-report-ui.mjs <file>` writes it elsewhere.
//
// Preact, because it is the smallest of the well-kept libraries with components (about 5 kB compressed, no dependencies)
// and the page is one file that every run carries; esbuild, because it bundles TypeScript, JSX and CSS without plugins.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** @param {string} file where the module of strings goes */
export async function buildReportUi(file = path.join(root, 'dist', 'reports', 'page', 'assets.js')) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: { script: 'report-ui/main.tsx', styles: 'report-ui/styles.css' },
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

if (process.argv[1] === fileURLToPath(import.meta.url))
  await buildReportUi(process.argv[2] && path.resolve(process.argv[2]));
