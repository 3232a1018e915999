/** Says how the plan of a node that joins differs from the plan its build was filled with. */
import { DistributedError } from '../errors';
import { fileKey } from '../plan/item';
import type { JoinRequest, JsonObject, QueueEntry } from './queue';

/** What a build remembers of the node that filled it. */
export interface FilledPlan {
  readonly digest: string;
  readonly inputs: JsonObject;
  /** Of every item, as `QueueEntry` names it. */
  readonly entries: readonly Pick<QueueEntry, 'file' | 'part'>[];
  /** Name of the node that filled it, where known. */
  readonly node: string | null;
}

const SHOWN = 5;

/** `QUEUE_PLAN_DIFFERS`, naming files that only one of the two has, and inputs that differ. */
export function planDifference(mine: JoinRequest, theirs: FilledPlan): DistributedError {
  const differences = [
    ...listed('only this node found', missingFrom(theirs.entries, mine.entries)),
    ...listed('only the build has', missingFrom(mine.entries, theirs.entries)),
    ...inputsThatDiffer(mine.inputs, theirs.inputs),
  ];
  const by = theirs.node === null ? '' : ` by node ${theirs.node}`;
  return new DistributedError({
    code: 'QUEUE_PLAN_DIFFERS',
    message:
      `Node ${mine.node} planned ${mine.digest.slice(0, 12)}, but build ${mine.build} was filled${by} from ${theirs.digest.slice(0, 12)}: ` +
      `${differences.join('; ') || 'the files are the same, the estimates or settings are not'}.`,
    remedy:
      'All nodes of a build must check out the same commit and run with the same settings; two different Jest runs of one build need different --label values.',
  });
}

function missingFrom(list: FilledPlan['entries'], of: FilledPlan['entries']): string[] {
  const present = new Set(list.map(({ file, part }) => fileKey(file, part)));
  return of.filter(({ file, part }) => !present.has(fileKey(file, part))).map(nameOf);
}

function nameOf({ file, part }: Pick<QueueEntry, 'file' | 'part'>): string {
  const path = file.project === null ? file.path : `${file.project}: ${file.path}`;
  return part === null ? path : `${path} (${part})`;
}

function listed(what: string, names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : '';
  return [`${what} ${names.slice(0, SHOWN).join(', ')}${more}`];
}

function inputsThatDiffer(mine: JsonObject, theirs: JsonObject): string[] {
  const names = [...new Set([...Object.keys(mine), ...Object.keys(theirs)])].sort();
  return names.flatMap((name) => {
    const [here, there] = [canonical(mine[name]), canonical(theirs[name])];
    return here === there ? [] : [`${name} is ${here} here and ${there} there`];
  });
}

/** JSON with sorted keys: a database may store an object's keys in another order. */
function canonical(value: unknown): string {
  if (value === undefined) return 'absent';
  return JSON.stringify(value, (_key, inner) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
