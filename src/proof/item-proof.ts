/**
 * Every file found, and every part of a split one, ran exactly once.
 */

import type { BlobSummary, FileRun } from '../blob/blob-summary';
import { itemName, keyName } from '../blob/item-name';
import { fileKey, type TestFile } from '../plan/item';
import type { Plan } from '../plan/plan';
import { isQueueRun } from './choose-queue-blobs';
import { countOf, EXIT_HINT, type Finding, listNames, listNodes, RUN_MISSING_HINT } from './finding';
import { runningAtExit } from './node-end';

/** One thing that must have run. */
interface Due extends MissingItem {
  readonly name: string;
  /** One part of a split file, and not a whole one. */
  readonly isPart: boolean;
  /** Node (1-based) the plan gave it to, or null. */
  readonly planned: number | null;
  readonly ranOn: number[];
}

/** A file, or a part of one, that never ran. */
export interface MissingItem {
  readonly file: TestFile;
  readonly part: string | null;
}

export interface ItemProof {
  readonly findings: readonly Finding[];
  readonly missing: readonly MissingItem[];
  readonly due: number;
  readonly ranOnce: number;
}

type Planned = Map<string, { readonly part: string | null; readonly node: number | null }[]>;

/** @param isQueued nobody's share: the plan only says what there is. */
function plannedParts(plan: Plan | null, isQueued: boolean): Planned {
  const result: Planned = new Map();
  for (const { node: home, items } of plan?.nodes ?? []) {
    const node = isQueued ? null : home;
    for (const { project, file, part } of items) {
      const key = fileKey({ project, path: file });
      const parts = result.get(key);
      if (parts === undefined) result.set(key, [{ part, node }]);
      else parts.push({ part, node });
    }
  }
  return result;
}

/** Files any node found → what is due of them: whole, or part by part. */
function listDue(files: ReadonlyMap<string, TestFile>, planned: Planned): Map<string, Map<string | null, Due>> {
  const result = new Map<string, Map<string | null, Due>>();
  for (const [key, file] of files) {
    const parts = planned.get(key) ?? [{ part: null, node: null }];
    result.set(
      key,
      new Map(
        parts.map(({ part, node }) => [
          part,
          { file, part, name: itemName(file, part), isPart: part !== null, planned: node, ranOn: [] },
        ]),
      ),
    );
  }
  return result;
}

interface Stray {
  readonly name: string;
  readonly node: number;
}

type DueFiles = ReadonlyMap<string, ReadonlyMap<string | null, Due>>;

/**
 * A run of a file whose tests are placed by hash: many nodes load it, and together they are one run, which
 * test-proof.ts proves test by test.
 */
function isHashedByTest(
  { parts, split, hasExecError }: FileRun,
  items: ReadonlyMap<string | null, Due> | undefined,
): boolean {
  if (parts !== null) return false;
  // A file that fails to load cannot say what it would have selected.
  return split !== null || (hasExecError && items !== undefined && !items.has(null));
}

/** Notes one run of a file with the items it covers; gives those that are not due. */
function countRun(run: FileRun, node: number, items: ReadonlyMap<string | null, Due> | undefined): Stray[] {
  const readable = keyName(run.key);
  if (items === undefined) return [{ name: readable, node }];
  const strays: Stray[] = [];
  // A node that ran the whole of a split file ran every part of it.
  for (const name of run.parts ?? items.keys()) {
    // Where the plan has the file whole, a part of it is all there is.
    const item = items.get(name) ?? items.get(null);
    if (item === undefined) strays.push({ name: `${readable} › ${name}`, node });
    else item.ranOn.push(node);
  }
  return strays;
}

function countRuns(blobs: readonly BlobSummary[], due: DueFiles): Stray[] {
  const hashed = new Set<string>();
  return blobs.flatMap(({ metadata, runs }) =>
    runs.flatMap((run) => {
      const node = metadata.node.number;
      if (!isHashedByTest(run, due.get(run.key))) return countRun(run, node, due.get(run.key));
      if (hashed.has(run.key)) return [];
      hashed.add(run.key);
      // Stands for all its nodes, so it did not move.
      for (const item of due.get(run.key)?.values() ?? []) item.ranOn.push(item.planned ?? node);
      return due.has(run.key) ? [] : countRun(run, node, undefined);
    }),
  );
}

function byNode(items: readonly Due[]): Map<number | null, Due[]> {
  const groups = new Map<number | null, Due[]>();
  for (const item of items) {
    const group = groups.get(item.planned);
    if (group === undefined) groups.set(item.planned, [item]);
    else group.push(item);
  }
  return new Map([...groups].sort(([a], [b]) => (a ?? 0) - (b ?? 0)));
}

function countItems(items: readonly Due[]): string {
  const parts = items.filter(({ isPart }) => isPart).length;
  return [
    ...(parts < items.length ? [countOf(items.length - parts, 'file')] : []),
    ...(parts > 0 ? [`${countOf(parts, 'part')} of split files`] : []),
  ].join(' and ');
}

function reportMissing(items: readonly Due[], blobs: readonly BlobSummary[], isQueued: boolean): Finding[] {
  const there = new Set(blobs.map(({ metadata }) => metadata.node.number));
  // What a later attempt has replaced is not why something is missing.
  const atExit = blobs.filter(({ isReplaced }) => !isReplaced).flatMap(runningAtExit);
  const hasExited = ({ name }: Due) => atExit.includes(name);
  const report = (what: readonly Due[], sayOf: (node: number | null, count: number) => readonly [string, string]) =>
    [...byNode(what)].map(([node, missing]): Finding => {
      const names = missing.map(({ name }) => name).sort();
      const [fact, remedy] = sayOf(node, missing.length);
      const message = `${countItems(missing)}${node === null ? '' : ` of node ${node}`}${fact}: ${listNames(names)}.`;
      return {
        ...{ code: 'missing-items', severity: 'error', message, remedy },
        ...{ nodes: node === null ? [] : [node], items: names },
      };
    });
  const lost = report(items.filter(hasExited), (_node, count) => {
    const [has, was] = count === 1 ? ['has', 'it was'] : ['have', 'they were'];
    return [` ${has} no result; ${was} running when the process of the node ended`, EXIT_HINT];
  });
  const never = report(
    items.filter((item) => !hasExited(item)),
    (node) => [
      `${node === null || there.has(node) ? '' : ', whose blob is missing,'} never ran`,
      node === null && !isQueued ? 'Run them, or run the nodes again.' : RUN_MISSING_HINT,
    ],
  );
  return [...lost, ...never];
}

/** Runs of which no result of any test is known; what another process of a queue ran, that one reports. */
function brokenRuns(blobs: readonly BlobSummary[]): { readonly node: number; readonly run: FileRun }[] {
  return blobs.flatMap(({ metadata, runs }) =>
    runs
      .filter(({ brokenBy, queue }) => brokenBy !== null && queue?.inherited !== true)
      .map((run) => ({ node: metadata.node.number, run })),
  );
}

/** A file that was started, but of whose tests nobody knows which ran, or whether any did. */
function reportBroken(blobs: readonly BlobSummary[]): Finding[] {
  const runs = brokenRuns(blobs);
  if (runs.length === 0) return [];
  const nameOf = ({ key, parts }: FileRun): string => {
    const file = keyName(key);
    return parts === null ? file : `${file} › ${parts.join(', ')}`;
  };
  const groups = new Map<string, { readonly name: string; readonly cause: string | null; readonly nodes: number[] }>();
  for (const { run, node } of runs) {
    const name = nameOf(run);
    const group = groups.get(`${name}\0${run.brokenBy}`);
    if (group === undefined) groups.set(`${name}\0${run.brokenBy}`, { name, cause: run.brokenBy, nodes: [node] });
    else group.nodes.push(node);
  }
  const names = [...groups.values()].map(({ name, cause, nodes }) => `${name} (${listNodes(nodes)}: ${cause})`).sort();
  const files = new Set(runs.map(({ run }) => run.key)).size;
  return [
    {
      code: 'file-failed',
      severity: 'error',
      message: `${countOf(files, 'file')} failed to run, so ${files === 1 ? 'its' : 'their'} tests have no result: ${listNames(names)}.`,
      remedy: 'Correct the error that prevents the file from loading or ends its worker, and run it again.',
      nodes: [...new Set(runs.map(({ node }) => node))].sort((a, b) => a - b),
      items: [...new Set(runs.map(({ run }) => nameOf(run)))].sort(),
    },
  ];
}

function reportDoubled(items: readonly Due[]): Finding[] {
  if (items.length === 0) return [];
  const names = items
    .map(
      ({ name, ranOn }) =>
        `${name} (${listNodes(ranOn)}${new Set(ranOn).size < ranOn.length ? ', more than once' : ''})`,
    )
    .sort();
  return [
    {
      code: 'doubled-items',
      severity: 'error',
      message: `${countItems(items)} ran more than once: ${listNames(names)}.`,
      remedy: 'Make sure that all nodes plan from the same inputs and that no two jobs share a node number.',
      nodes: [...new Set(items.flatMap(({ ranOn }) => ranOn))].sort((a, b) => a - b),
      items: items.map(({ name }) => name).sort(),
    },
  ];
}

function reportMoved(items: readonly Due[]): Finding[] {
  if (items.length === 0) return [];
  const names = items
    .map(({ name, planned, ranOn }) => `${name} (planned for node ${planned}, ran on node ${ranOn[0]})`)
    .sort();
  return [
    {
      code: 'moved-items',
      severity: 'warning',
      message: `${countItems(items)} ran once, but on another node than planned: ${listNames(names)}.`,
      remedy: 'No test is lost. Find out why that node did not follow the plan.',
      nodes: [...new Set(items.flatMap(({ ranOn }) => ranOn))].sort((a, b) => a - b),
      items: items.map(({ name }) => name).sort(),
    },
  ];
}

/** Files that were not placed: whatever ran them on one node may have run them on the others too. */
function reportUnknown(strays: readonly Stray[], blobs: readonly BlobSummary[]): Finding[] {
  if (strays.length === 0) return [];
  const byName = new Map<string, number[]>();
  for (const { name, node } of strays) byName.set(name, [...(byName.get(name) ?? []), node]);
  const isAlone = blobs.every(({ metadata }) => metadata.node.nodes === 1) && byName.size === strays.length;
  const names = [...byName].map(([name, nodes]) => `${name} (${listNodes(nodes)})`);
  return [
    {
      code: 'unknown-items',
      // On the only node there is, what ran once ran once.
      severity: isAlone ? 'warning' : 'error',
      message: `${countOf(byName.size, 'file')} ran that no node found, or that is not in the plan: ${listNames(names)}.`,
      remedy:
        "Give all nodes the same files and the same arguments for Jest; a sequencer or runner of the project's own must add no files.",
      nodes: [...new Set(strays.map(({ node }) => node))].sort((a, b) => a - b),
      items: [...byName.keys()],
    },
  ];
}

function reportUnplanned(
  files: ReadonlyMap<string, TestFile>,
  planned: Planned,
  blobs: readonly BlobSummary[],
): Finding[] {
  const digests = new Set(blobs.map(({ metadata }) => metadata.plan?.digest));
  // Where plans differ, another finding lists that file by file.
  if (planned.size === 0 || digests.size > 1) return [];
  const unplanned = [...files].filter(([key]) => !planned.has(key)).map(([, file]) => itemName(file, null));
  const unfound = [...planned.keys()].filter((key) => !files.has(key)).map(keyName);
  const report = (names: string[], fact: string): Finding[] =>
    names.length === 0
      ? []
      : [
          {
            code: 'unplanned-items',
            severity: 'error',
            message: `${countOf(names.length, 'file')} ${fact}: ${listNames(names.sort())}.`,
            remedy: 'Plan from the same files that the nodes find.',
            nodes: [],
            items: names,
          },
        ];
  return [...report(unplanned, 'found but not planned'), ...report(unfound, 'planned but found by no node')];
}

/** What was due by the files found, against what ran. */
export function proveItems(blobs: readonly BlobSummary[], plan: Plan | null): ItemProof {
  const files = new Map<string, TestFile>();
  for (const found of new Set(blobs.map(({ metadata }) => metadata.found))) {
    for (const file of found) files.set(fileKey(file), file);
  }
  const isQueued = isQueueRun(blobs);
  const planned = plannedParts(plan, isQueued);
  const due = listDue(files, planned);

  const strays = countRuns(blobs, due);
  const items = [...due.values()].flatMap((parts) => [...parts.values()]);
  const once = items.filter(({ ranOn }) => ranOn.length === 1);
  const missing = items.filter(({ ranOn }) => ranOn.length === 0);
  const broken = new Set(brokenRuns(blobs).map(({ run }) => run.key));
  return {
    due: items.length,
    missing: missing.map(({ file, part }) => ({ file, part })),
    ranOnce: once.filter(({ file }) => !broken.has(fileKey(file))).length,
    findings: [
      ...reportMissing(missing, blobs, isQueued),
      ...reportBroken(blobs),
      ...reportDoubled(items.filter(({ ranOn }) => ranOn.length > 1)),
      ...reportUnknown(strays, blobs),
      ...reportUnplanned(files, planned, blobs),
      ...reportMoved(once.filter(({ planned: node, ranOn }) => node !== null && node !== ranOn[0])),
    ],
  };
}
