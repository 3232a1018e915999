/** The process that `readRootDir` starts: reads Jest's config as a run would, says where its root is, and ends. */
import { writeFileSync } from 'node:fs';
import { captureEnvironment } from '../channels/environment';
import { ROOT_VARIABLE } from './root-dir';
import { launchJest } from './run-jest';

launchJest(process.cwd(), process.argv.slice(2), ({ rootDir }) => {
  const { variables } = captureEnvironment();
  writeFileSync(variables[ROOT_VARIABLE] as string, rootDir);
  process.exit(0);
}).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
