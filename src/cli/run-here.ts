/** `run` in this process: one node's share, or everything where the package is switched off. */
import type { JestOutcome } from '../jest/exit-reasons';
import { type JestEnd, launchJest } from '../jest/launch';
import { endAfterTests, endWithParent } from '../jest/local-parent';
import { publishFlags, publishOutcome } from '../jest/run-state';
import { wireNode } from '../jest/wiring';
import { resolveOptions } from '../options/resolve';

function outcomeOf(end: JestEnd): JestOutcome {
  if ('results' in end) return { kind: 'done' };
  return { kind: 'threw', message: end.error instanceof Error ? end.error.message : String(end.error) };
}

/** @returns undefined: Jest sets the exit code of this process. */
export async function runHere(
  flags: Readonly<Record<string, unknown>>,
  jestArgs: readonly string[],
): Promise<undefined> {
  // Before Jest starts: a wrong setting should not wait for the file map of a large project.
  resolveOptions({ flags, environment: process.env });
  publishFlags(flags);
  endWithParent();
  publishOutcome({ kind: 'running' });
  await launchJest(process.cwd(), jestArgs, wireNode, (end) => publishOutcome(outcomeOf(end)));
  endAfterTests();
  return undefined;
}
