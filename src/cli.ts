#!/usr/bin/env node
import { main } from './cli/main';

main(process.argv.slice(2)).then(
  (exitCode) => {
    // Jest sets its own exit code while `run` is under way.
    if (exitCode !== undefined) process.exitCode = exitCode;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 1;
  },
);
