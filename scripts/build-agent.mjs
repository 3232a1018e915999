// Bundles the agent of `run --hosts` into one file: it is sent over ssh before anything is installed on the host. Called by
// scripts/build.mjs after the compiler.
import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

export async function buildAgent() {
  const folder = path.join(root, 'dist', 'cli', 'hosts', 'agent');
  await build({
    absWorkingDir: root,
    entryPoints: [path.join(folder, 'agent.js')],
    outfile: path.join(folder, 'agent.bundle.js'),
    bundle: true,
    minify: true,
    keepNames: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    legalComments: 'inline',
  });
  // What nobody loads.
  for (const name of readdirSync(folder)) if (!name.startsWith('agent.bundle.')) rmSync(path.join(folder, name));
}
