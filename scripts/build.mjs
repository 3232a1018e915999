// Compiles src to dist. A clean folder first: a file that was renamed in src must not live on in the tarball.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildReportUi } from './build-report-ui.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const typescript = path.dirname(createRequire(import.meta.url).resolve('typescript/package.json'));

rmSync(path.join(root, 'dist'), { recursive: true, force: true });
const { status } = spawnSync(process.execPath, [path.join(typescript, 'bin', 'tsc'), '-p', 'tsconfig.json'], {
  cwd: root,
  stdio: 'inherit',
});
if (status === 0) await buildReportUi();
const bin = path.join(root, 'dist', 'cli.js');
if (status === 0 && existsSync(bin)) chmodSync(bin, 0o755);
process.exitCode = status ?? 1;
