/**
 * A plan → what one node runs of each split file, and how its workers may share that.
 */
import { DistributedError } from '../errors';
import { fileKey, type HashedUnits, type NamedTests, type TestFile } from '../plan/item';
import type { Plan, PlannedItem } from '../plan/plan';
import { splitTests } from '../plan/split';
import type { FileSelection } from './file-selection';

/** What a node runs of one split file. */
export interface PlannedSelection {
  readonly file: TestFile;
  readonly selection: FileSelection;
  /** Names of its parts; null where the file is hashed: then only the loaded file knows. */
  readonly parts: readonly string[] | null;
  /** The same tests for several workers of the node, together exactly `selection`; empty where one runs them all. */
  readonly slices: readonly FileSelection[];
}

interface Piece {
  readonly node: number;
  readonly item: PlannedItem;
}

interface NamedPiece extends Piece {
  readonly content: NamedTests;
}

interface HashedPiece extends Piece {
  readonly content: HashedUnits;
}

/**
 * The selections of one node, by the key of the file. Files that are whole, or none of whose parts are the node's, are
 * not in it.
 *
 * @param node 1-based.
 * @throws DistributedError `PLAN_PARTS_BROKEN` where the parts of a file are not all its tests, each once: only a plan
 * file that somebody changed, or that another version wrote, can be so.
 */
export function planSelections(plan: Plan, node: number): Map<string, PlannedSelection> {
  const total = plan.nodes.reduce((sum, { load }) => sum + load, 0);
  const fairShare = total / (plan.nodes.length * plan.workers);
  const selections = new Map<string, PlannedSelection>();
  for (const [key, parts] of piecesByFile(plan)) {
    const selection = selectionOf(parts, node, plan.workers, fairShare);
    if (selection !== undefined) selections.set(key, selection);
  }
  return selections;
}

/** What one part of a split file runs, whoever runs it: nodes of a queue take parts one by one. */
export interface PartSelection {
  readonly file: TestFile;
  readonly part: string;
  readonly selection: FileSelection;
}

/**
 * The selection of every part of every split file.
 *
 * @throws DistributedError `PLAN_PARTS_BROKEN`, as `planSelections`.
 */
export function partSelections(plan: Plan): readonly PartSelection[] {
  return [...piecesByFile(plan).values()].flatMap((pieces) =>
    pieces.map((piece) => {
      const { project, file, part } = piece.item;
      // As if each part had a node of its own.
      const alone = pieces.map((other, index) => ({ ...other, node: index + 1 }));
      const own = selectionOf(alone, pieces.indexOf(piece) + 1, 1, Number.POSITIVE_INFINITY);
      return {
        file: { project, path: file },
        part: part as string,
        selection: (own as PlannedSelection).selection,
      };
    }),
  );
}

/** Parts of split files, by the key of the file. */
function piecesByFile(plan: Plan): Map<string, Piece[]> {
  const pieces = new Map<string, Piece[]>();
  for (const { node: owner, items } of plan.nodes) {
    for (const item of items) {
      if (item.part === null) continue;
      const key = fileKey({ project: item.project, path: item.file });
      const known = pieces.get(key);
      if (known === undefined) pieces.set(key, [{ node: owner, item }]);
      else known.push({ node: owner, item });
    }
  }
  return pieces;
}

function selectionOf(
  pieces: readonly Piece[],
  node: number,
  workers: number,
  fairShare: number,
): PlannedSelection | undefined {
  const { item } = pieces[0] as Piece;
  const file: TestFile = { project: item.project, path: item.file };
  const named = pieces.filter((piece): piece is NamedPiece => piece.item.content?.kind === 'named').map(withContent);
  if (named.length === pieces.length) return selectNamed(file, named as NamedPiece[], node, workers, fairShare);
  const hashed = pieces.filter((piece) => piece.item.content?.kind === 'hashed').map(withContent);
  if (hashed.length === pieces.length) return selectHashed(file, hashed as HashedPiece[], node);
  throw broken(file, 'not all of its parts have a content');
}

const withContent = (piece: Piece) => ({ ...piece, content: piece.item.content });

function selectNamed(
  file: TestFile,
  pieces: readonly NamedPiece[],
  node: number,
  workers: number,
  fairShare: number,
): PlannedSelection | undefined {
  const names = pieces.flatMap(({ content }) => content.tests);
  if (new Set(names).size !== names.length) throw broken(file, 'two of its parts have the same test');
  if (pieces.filter(({ content }) => content.fallback).length !== 1) {
    throw broken(file, 'not exactly one of its parts takes the tests that no part names');
  }
  const own = pieces.filter((piece) => piece.node === node);
  if (own.length === 0) return undefined;
  const select = (mine: readonly NamedPiece[]): FileSelection => {
    const isMine = new Set(mine);
    return {
      mode: 'named',
      file,
      unit: 'test',
      mine: mine.flatMap(({ content }) => content.tests),
      elsewhere: pieces.filter((piece) => !isMine.has(piece)).flatMap(({ content }) => content.tests),
      fallback: mine.some(({ content }) => content.fallback),
    };
  };
  const load = own.reduce((sum, { item }) => sum + item.estimate, 0);
  const count = Math.min(workers, own.length, Math.ceil(load / fairShare));
  return {
    file,
    selection: select(own),
    parts: own.map(({ item }) => item.part as string),
    slices: count < 2 ? [] : dealPieces(own, count).map(select),
  };
}

/** The parts of a node over its workers: longest first, to who has least. */
function dealPieces(own: readonly NamedPiece[], count: number): NamedPiece[][] {
  const byPart = new Map(own.map((piece) => [piece.item.part as string, piece]));
  const times = new Map([...byPart].map(([part, { item }]) => [part, item.estimate]));
  return splitTests(times, count).map(({ tests }) => tests.map((part) => byPart.get(part) as NamedPiece));
}

function selectHashed(file: TestFile, pieces: readonly HashedPiece[], node: number): PlannedSelection | undefined {
  const of = pieces.length;
  const numbers = new Set(pieces.map(({ content }) => content.part));
  const isOneDivision = pieces.every(({ content }) => content.of === of && content.by === pieces[0]?.content.by);
  if (!isOneDivision || numbers.size !== of)
    throw broken(file, 'its parts are not numbered from the first to the last');
  const own = pieces.filter((piece) => piece.node === node);
  const [first] = own;
  if (first === undefined) return undefined;
  const select = ({ content }: HashedPiece): FileSelection => ({
    mode: content.by,
    file,
    nodes: of,
    node: content.part,
  });
  if (own.length === 1) return { file, selection: select(first), parts: null, slices: [] };
  // All on one node, for its workers: one node of one has everything.
  if (own.length === of) {
    const selection = { mode: first.content.by, file, nodes: 1, node: 1 } as const;
    return { file, selection, parts: null, slices: own.map(select) };
  }
  throw broken(file, `node ${node} has some of its parts, but they are hashed over all nodes`);
}

function broken({ path }: TestFile, why: string): DistributedError {
  return new DistributedError({
    code: 'PLAN_PARTS_BROKEN',
    message: `The plan splits ${path} incorrectly: ${why}.`,
    remedy: 'Plan again with the version of jest-distributed that the nodes have, and do not change the file by hand.',
  });
}
