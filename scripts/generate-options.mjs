// Writes docs/reference/options.md from the table of options in dist; with --check, fails where the page is out of date.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const page = path.join(root, 'docs', 'reference', 'options.md');
const { writeReference } = createRequire(import.meta.url)(path.join(root, 'dist', 'options', 'options-page.js'));

if (process.argv.includes('--check')) {
  let written = '';
  try {
    written = readFileSync(page, 'utf8').replaceAll('\r\n', '\n');
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  if (written !== writeReference()) {
    console.error(
      'docs/reference/options.md is out of date: run `npm run build && node scripts/generate-options.mjs`.',
    );
    process.exitCode = 1;
  }
} else {
  writeFileSync(page, writeReference());
}
