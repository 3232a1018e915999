// Puts what starts with every run into one file each: finding, reading and compiling a hundred small modules takes a
// node 20 ms before it has done anything. Called by scripts/build.mjs after the compiler.
//
// Only where no module of theirs keeps a state that another file must share: such states lie on globalThis. What uses
// paths relative to another folder, or is loaded only when it is needed, stays a file of its own.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const dist = path.join(path.dirname(path.dirname(fileURLToPath(import.meta.url))), 'dist');

const entries = {
  'jest/sequencer.js': [
    './split/install-splits',
    './queue/run-tests',
    './planning/empty-share-runner',
    '../reporter',
    '../runner',
  ],
  'jest/split/selection/test-runner.js': [],
};

export async function bundleEntries() {
  for (const [entry, external] of Object.entries(entries)) {
    const file = path.join(dist, entry);
    await build({
      entryPoints: [file],
      outfile: file,
      allowOverwrite: true,
      bundle: true,
      packages: 'external',
      external,
      platform: 'node',
      format: 'cjs',
      // As the compiler wrote it.
      target: 'esnext',
      legalComments: 'none',
      logLevel: 'warning',
    });
  }
}
