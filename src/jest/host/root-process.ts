/** The process that `readRootDir` starts: reads Jest's config as a run would, says where its root is, and ends. */
import { writeFileSync } from 'node:fs';
import { readVariable } from '../channels/environment';
import { runJest } from './run-jest';

runJest(process.cwd(), process.argv.slice(2), ({ rootDir }) => {
  writeFileSync(readVariable('ROOT') as string, rootDir);
  process.exit(0);
}).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
