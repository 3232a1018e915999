/** The last assignment per number of nodes, so that the next plan can leave files where they were. */
import { fileKey, type TestFile } from '../plan/item';
import type { Plan } from '../plan/plan';
import { emptyFileTimings, type FileTimings, type NodesByCount, noParts, type Timings } from './timings';

/** Where one file, or one part of a file, was. */
export interface PlacedFile extends TestFile {
  /** Name of the part where the file was split, else null. */
  readonly part: string | null;
  /** 1-based. */
  readonly node: number;
}

// A pipeline uses one number of nodes, perhaps another on its main branch; each more costs a number in every entry.
const keptAssignments = 3;

/**
 * Records where everything was with this number of nodes, replacing what was recorded for it. Of other numbers the most
 * recently recorded two are kept.
 */
export function recordAssignment(timings: Timings, nodes: number, placed: Iterable<PlacedFile>): Timings {
  const assignments = [nodes, ...timings.assignments.filter((count) => count !== nodes)].slice(0, keptAssignments);
  const kept = assignments.slice(1);
  const files = new Map<string, FileTimings>();
  for (const [key, file] of timings.files) files.set(key, keepAssignments(file, kept));
  for (const place of placed) {
    const key = fileKey(place);
    const file = files.get(key) ?? emptyFileTimings(place);
    files.set(
      key,
      place.part === null ? putFile(file, nodes, place.node) : putPart(file, place.part, nodes, place.node),
    );
  }
  for (const [key, file] of files) if (isEmpty(file)) files.delete(key);
  return { ...timings, assignments, files };
}

/**
 * The recorded assignment in the shape that strategies take: 0-based node by key of file or part; undefined where
 * nothing is recorded for this number of nodes.
 */
export function previousAssignment(timings: Timings, nodes: number): ReadonlyMap<string, number> | undefined {
  if (!timings.assignments.includes(nodes)) return undefined;
  const previous = new Map<string, number>();
  for (const [key, file] of timings.files) {
    const node = file.nodes[nodes];
    if (node !== undefined) previous.set(key, node - 1);
    for (const [part, partNodes] of file.parts) {
      const partNode = partNodes[nodes];
      if (partNode !== undefined) previous.set(fileKey(file, part), partNode - 1);
    }
  }
  return previous;
}

function putFile(file: FileTimings, nodes: number, node: number): FileTimings {
  return { ...file, nodes: { ...file.nodes, [nodes]: node } };
}

function putPart(file: FileTimings, part: string, nodes: number, node: number): FileTimings {
  return { ...file, parts: new Map(file.parts).set(part, { ...file.parts.get(part), [nodes]: node }) };
}

function keepAssignments(file: FileTimings, kept: readonly number[]): FileTimings {
  const parts = [...file.parts]
    .map(([part, nodes]) => [part, keepNodes(nodes, kept)] as const)
    .filter(([, nodes]) => Object.keys(nodes).length > 0);
  return { ...file, nodes: keepNodes(file.nodes, kept), parts: parts.length === 0 ? noParts : new Map(parts) };
}

function keepNodes(nodes: NodesByCount, kept: readonly number[]): NodesByCount {
  const left: Record<number, number> = {};
  for (const count of kept) {
    const node = nodes[count];
    if (node !== undefined) left[count] = node;
  }
  return left;
}

function isEmpty(file: FileTimings): boolean {
  const known = file.durationMs !== null || file.parts.size > 0 || Object.keys(file.nodes).length > 0;
  return !known;
}

/** Where a plan puts everything. */
export function placesOf({ nodes }: Plan): PlacedFile[] {
  return nodes.flatMap(({ node, items }) =>
    items.map(({ project, file, part }) => ({ project, path: file, part, node })),
  );
}
