/**
 * A plan that one process wrote (`jest-distributed plan --out`) and every node obeys.
 */
import { DistributedError } from '../errors';
import { fileKey, fileName, parseKey, type TestFile } from './item';
import type { Plan } from './plan';

/**
 * Reads the text of a plan file.
 *
 * @param source how the file was named, for messages.
 * @param command that writes it.
 */
export function parsePlan(text: string, source: string, command: string): Plan {
  const remedy = `Write it again on one machine: ${command}`;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const message = `The plan ${source} is not valid JSON: ${(cause as Error).message}`;
    throw new DistributedError({ code: 'PLAN_UNREADABLE', message, remedy, cause });
  }
  const plan = value as Plan;
  const version = (plan as { version?: unknown } | null)?.version;
  if (typeof version === 'number' && version > 1) {
    throw new DistributedError({
      code: 'PLAN_TOO_NEW',
      message: `The plan ${source} has version ${version}, and this jest-distributed reads version 1.`,
      remedy: 'Use the same jest-distributed on the machine that plans and on the nodes.',
    });
  }
  if (version !== 1 || !Array.isArray(plan.nodes) || typeof plan.digest !== 'string') {
    throw new DistributedError({
      code: 'PLAN_UNREADABLE',
      message: `The plan ${source} is not a plan: it has no version, nodes and digest.`,
      remedy,
    });
  }
  return plan;
}

const SHOWN = 5;

function listKeys(what: string, keys: readonly string[]): string {
  const shown = keys.slice(0, SHOWN).map((key) => fileName(parseKey(key).file));
  return `${keys.length} ${what} (${shown.join(', ')}${keys.length > SHOWN ? ', …' : ''})`;
}

/**
 * Checks a plan file against what this node found: an item of it that nobody runs is a lost test.
 *
 * @param command that plans again.
 * @throws DistributedError `PLAN_NODES_DIFFER` or `PLAN_FILES_DIFFER`.
 */
export function checkPlan(
  plan: Plan,
  found: readonly TestFile[],
  nodes: number,
  nodesSource: string,
  source: string,
  command: string,
): void {
  if (plan.nodes.length !== nodes) {
    throw new DistributedError({
      code: 'PLAN_NODES_DIFFER',
      message: `The plan ${source} is for ${plan.nodes.length} nodes, but this run has ${nodes} (from ${nodesSource}).`,
      remedy: `Plan again: ${command}`,
    });
  }
  const planned = new Set(
    plan.nodes.flatMap(({ items }) => items.map(({ project, file }) => fileKey({ project, path: file }))),
  );
  const here = new Set(found.map((file) => fileKey(file)));
  const unplanned = [...here].filter((key) => !planned.has(key)).sort();
  const absent = [...planned].filter((key) => !here.has(key)).sort();
  if (unplanned.length === 0 && absent.length === 0) return;
  const differences = [
    ...(unplanned.length > 0 ? [listKeys('found here but not planned', unplanned)] : []),
    ...(absent.length > 0 ? [listKeys('planned but not found here', absent)] : []),
  ];
  throw new DistributedError({
    code: 'PLAN_FILES_DIFFER',
    message: `The plan ${source} does not fit the test files of this checkout: ${differences.join('; ')}.`,
    remedy: 'Plan and run the same commit with the same Jest arguments, or plan again.',
  });
}
