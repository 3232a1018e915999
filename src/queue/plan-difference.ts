/** Says how the plan and the files of a node that joins differ from those its run was filled with. */
import { DistributedError } from '../errors';
import { fileKey, type TestFile } from '../plan/item';
import type { JoinRequest, JsonObject, PlanInputs, QueueEntry } from './queue';

/** What a run remembers of the node that filled it. */
export interface FilledPlan {
  readonly digest: string;
  readonly inputs: PlanInputs;
  /** Of every item, as `QueueEntry` names it. */
  readonly entries: readonly Pick<QueueEntry, 'file' | 'part'>[];
  /** Name of the node that filled it, where known. */
  readonly node: string | null;
}

const SHOWN = 5;

/** The usual reason for other files is an id that an earlier run had. */
const OWN_RUN_ID =
  'Give every run a --run-id (JEST_DISTRIBUTED_RUN_ID) of its own, such as the commit and the time: a run of another commit or of other files is another run.';

/** Characters of one name in `PlanInputs.contents`. */
const CONTENT_WIDTH = 12;

/** `PlanInputs.contents` of names in the order of the files; null where a file could not be read. */
export const packContents = (names: readonly (string | null)[]): string =>
  names.map((name) => (name ?? '').slice(0, CONTENT_WIDTH).padEnd(CONTENT_WIDTH, '-')).join('');

/**
 * `QUEUE_PLAN_DIFFERS`, naming files that only one of the two has, and settings that differ; where all of that is alike,
 * `QUEUE_TREE_DIFFERS`, naming the files that hold something else.
 */
export function planDifference(mine: JoinRequest, theirs: FilledPlan): DistributedError {
  const by = theirs.node === null ? '' : ` by node ${theirs.node}`;
  const files = [
    ...listed('only this node found', missingFrom(theirs.entries, mine.entries)),
    ...listed('only the run has', missingFrom(mine.entries, theirs.entries)),
  ];
  const differences = [...files, ...inputsThatDiffer(mine.inputs.settings, theirs.inputs.settings)];
  // Changed files may have other estimates too, and so another plan.
  const changes = differences.length > 0 ? [] : treeDifferences(mine, theirs);
  if (changes.length > 0) {
    return new DistributedError({
      code: 'QUEUE_TREE_DIFFERS',
      message: `Run ${mine.runId} was started${by} with other files than those of node ${mine.node}: ${changes.join('; ')}. Its results do not apply to these files.`,
      remedy: `${OWN_RUN_ID} Nodes of one run must have the same files.`,
    });
  }
  const isOtherTree = files.length > 0 || mine.inputs.settings.commit !== theirs.inputs.settings.commit;
  return new DistributedError({
    code: 'QUEUE_PLAN_DIFFERS',
    message:
      `Node ${mine.node} planned ${mine.digest.slice(0, 12)}, but run ${mine.runId} was filled${by} from ${theirs.digest.slice(0, 12)}: ` +
      `${differences.join('; ') || 'the files are the same, the estimates or settings are not'}.`,
    remedy: isOtherTree
      ? `${OWN_RUN_ID} Nodes of one run must check out the same commit and run with the same settings.`
      : 'All nodes of a run must run with the same settings; a later run with other settings needs another --run-id (JEST_DISTRIBUTED_RUN_ID), and two different Jest runs of one run need different --label values.',
  });
}

/** Only asked where both found the same files. */
function treeDifferences(mine: JoinRequest, theirs: FilledPlan): string[] {
  const files = filesOf(mine.entries);
  const [here, there] = [mine.inputs, theirs.inputs];
  const contentAt = ({ contents }: PlanInputs, index: number) =>
    contents?.slice(index * CONTENT_WIDTH, (index + 1) * CONTENT_WIDTH);
  const isCompared = here.contents !== null && there.contents !== null;
  const contents = files.filter((_file, index) => isCompared && contentAt(here, index) !== contentAt(there, index));
  const named = new Set(contents.map(({ path }) => path));
  const configs = namesThatDiffer(here.configs, there.configs);
  // Of a test file there is more to say than that git sees a change; a path in git may have folders before it.
  const changed = namesThatDiffer(here.changed, there.changed).filter(
    (path) => ![...named].some((name) => path === name || path.endsWith(`/${name}`)),
  );
  return [
    ...listed(
      'other contents of',
      contents.map((file) => nameOf({ file, part: null })),
    ),
    ...listed('other changes that are not committed in', changed),
    ...listed('other settings:', configs),
  ];
}

/** Each once, in the order of their keys: that of `PlanInputs.contents`. */
function filesOf(entries: FilledPlan['entries']): TestFile[] {
  const files = new Map(entries.map(({ file }) => [fileKey(file), file]));
  return [...files].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, file]) => file);
}

function namesThatDiffer(mine: Readonly<Record<string, string>>, theirs: Readonly<Record<string, string>>): string[] {
  const names = [...new Set([...Object.keys(mine), ...Object.keys(theirs)])].sort();
  return names.filter((name) => mine[name] !== theirs[name]);
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
