/** `run` in this process: one node's share, or everything where the package is switched off. */

import { type JestEnd, runJest } from '../../jest/host/run-jest';
import { publishFlags } from '../../jest/planning/session';
import { type JestOutcome, publishOutcome } from '../../jest/record/jest-outcome';
import { endAfterTests, endWithParent } from '../../jest/record/local-parent';
import { wireNode } from '../../jest/wire-global-config';
import { type Options, resolveOptions } from '../../options/resolve';
import { databaseTarget } from '../../postgres/database-target';
import { checkTarget } from '../../postgres/queue-target';

function outcomeOf(end: JestEnd): JestOutcome {
  if ('results' in end) return { kind: 'done' };
  return { kind: 'threw', message: end.error instanceof Error ? end.error.message : String(end.error) };
}

/** Where Jest only shows something or watches, nothing is pulled. */
const PULLS_NOTHING = /^--?(?:watch|list-?tests|show-?config|version|help|init|clear-?cache|[vh]$)/i;

/** @throws DistributedError where no node of such settings gets to a queue; nothing is connected. */
export async function checkQueue(options: Options, jestArgs: readonly string[]): Promise<void> {
  const target = databaseTarget(options);
  if (target === null || options.disabled.value || jestArgs.some((arg) => PULLS_NOTHING.test(arg))) return;
  await checkTarget(target);
}

/** @returns undefined: Jest sets the exit code of this process. */
export async function runHere(
  flags: Readonly<Record<string, unknown>>,
  jestArgs: readonly string[],
): Promise<undefined> {
  // Before Jest starts: a wrong setting should not wait for the file map of a large project.
  const options = resolveOptions({ flags, environment: process.env });
  await checkQueue(options, jestArgs);
  publishFlags(flags);
  endWithParent();
  publishOutcome({ kind: 'running' });
  await runJest(process.cwd(), jestArgs, wireNode, (end) => publishOutcome(outcomeOf(end)));
  endAfterTests();
  return undefined;
}
