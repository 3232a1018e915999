/**
 * The second line of a blob: what all nodes of a run say alike, the files found and the plan, written small.
 *
 * With 100,000 files this line outweighs the results of a node. All nodes write the same bytes, so a reader parses the
 * first and knows the others by their hash.
 */
import { fileKey, type TestFile } from '../plan/item';
import type { Plan, PlannedItem } from '../plan/plan';
import type { BlobMetadata } from './blob';

export type BlobInputs = Pick<BlobMetadata, 'found' | 'plan'>;

/** `[file, estimate, reason, project, part, more]`; what is null at the end is left out. */
type PackedItem = readonly [
  file: string,
  estimate: number,
  reason: PlannedItem['reason'],
  project?: string | null,
  part?: string | null,
  more?: Pick<PlannedItem, 'content' | 'group'>,
];

type PackedPlan = Omit<Plan, 'nodes'> & {
  readonly nodes: readonly { readonly node: number; readonly load: number; readonly items: readonly PackedItem[] }[];
};

export interface PackedInputs {
  /** Null where exactly the files of the plan were found. */
  readonly found: readonly TestFile[] | null;
  readonly plan: PackedPlan | null;
}

/** All of it: `merge --run-missing` hands this plan to the nodes that it runs again. */
function packItem({ file, project, part, estimate, reason, content, group }: PlannedItem): PackedItem {
  if (content !== undefined || group !== undefined) {
    const more = { ...(content !== undefined && { content }), ...(group !== undefined && { group }) };
    return [file, estimate, reason, project, part, more];
  }
  if (part !== null) return [file, estimate, reason, project, part];
  return project === null ? [file, estimate, reason] : [file, estimate, reason, project];
}

const unpackItem = ([file, estimate, reason, project = null, part = null, more]: PackedItem): PlannedItem => ({
  file,
  project,
  part,
  estimate,
  reason,
  ...more,
});

/** Files of a plan by key, each once. */
function plannedFiles(plan: Plan): Map<string, TestFile> {
  const files = new Map<string, TestFile>();
  for (const { items } of plan.nodes) {
    for (const { project, file } of items) {
      const planned = { project, path: file };
      files.set(fileKey(planned), planned);
    }
  }
  return files;
}

function isAsPlanned(found: readonly TestFile[], plan: Plan | null): boolean {
  if (plan === null) return false;
  const planned = plannedFiles(plan);
  const keys = new Set(found.map((file) => fileKey(file)));
  return planned.size === keys.size && [...keys].every((key) => planned.has(key));
}

export function packInputs({ found, plan }: BlobInputs): PackedInputs {
  return {
    found: isAsPlanned(found, plan) ? null : found,
    plan: plan && {
      ...plan,
      nodes: plan.nodes.map(({ items, ...node }) => ({ ...node, items: items.map(packItem) })),
    },
  };
}

export function unpackInputs({ found, plan: packed }: PackedInputs): BlobInputs {
  const plan = packed && {
    ...packed,
    nodes: packed.nodes.map(({ items, ...node }) => ({ ...node, items: items.map(unpackItem) })),
  };
  return { found: found ?? (plan === null ? [] : [...plannedFiles(plan).values()]), plan };
}
