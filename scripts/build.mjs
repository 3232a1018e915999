// Compiles src to dist. A clean folder first: a file that was renamed in src must not live on in the tarball.
import { spawnSync } from 'node:child_process';
import { chmodSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildAgent } from './build-agent.mjs';
import { buildReportUi } from './build-report-ui.mjs';
import { keepPublicTypes } from './public-types.mjs';
import { writeBuildDigest } from './write-build-digest.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const typescript = path.dirname(createRequire(import.meta.url).resolve('typescript/package.json'));

rmSync(path.join(root, 'dist'), { recursive: true, force: true });
const compile = (...flags) =>
  spawnSync(process.execPath, [path.join(typescript, 'bin', 'tsc'), '-p', 'tsconfig.json', ...flags], {
    cwd: root,
    stdio: 'inherit',
  }).status ?? 1;
// Comments stay in the declarations, which editors show, and are a fifth of the code, which nobody reads in dist.
const status = compile('--removeComments', '--declaration', 'false') || compile('--emitDeclarationOnly');
if (status === 0) await buildReportUi();
if (status === 0) await buildAgent();
if (status === 0) {
  keepPublicTypes(root);
  writeBuildDigest(path.join(root, 'dist'));
  chmodSync(path.join(root, 'dist', 'cli.js'), 0o755);
}
process.exitCode = status;
