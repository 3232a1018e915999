/**
 * Every test of a file that is split over nodes ran on exactly one of them.
 */

import type { BlobSummary, FileRun, SeenTests, SplitRun } from '../blob/blob-summary';
import { keyName } from '../blob/item-name';
import { countOf, type Finding, listNames, listNodes } from './finding';

interface NodeRun {
  readonly node: number;
  readonly run: FileRun;
}

type SplitNodeRun = NodeRun & { readonly run: FileRun & { readonly split: SplitRun } };

function groupRuns(blobs: readonly BlobSummary[]): Map<string, NodeRun[]> {
  const groups = new Map<string, NodeRun[]>();
  for (const { metadata, runs } of blobs) {
    for (const run of runs) {
      if (run.split === null && run.parts === null) continue;
      const group = groups.get(run.key);
      const entry = { node: metadata.node.number, run };
      if (group === undefined) groups.set(run.key, [entry]);
      else group.push(entry);
    }
  }
  return groups;
}

const hasSplit = (entry: NodeRun): entry is SplitNodeRun => entry.run.split !== null;

/** Names as a multiset, so that tests of one name are distinguished by number only. */
function countNames({ names }: SeenTests): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

/** Names whose number differs between nodes, with the nodes that saw fewer. */
function sightDifferences(runs: readonly SplitNodeRun[]): { name: string; nodes: number[] }[] {
  const lists = new Map(runs.map(({ run }) => [run.split.seen, countNames(run.split.seen)]));
  if (lists.size < 2) return [];
  const most = new Map<string, number>();
  for (const counts of lists.values()) {
    for (const [name, count] of counts) most.set(name, Math.max(count, most.get(name) ?? 0));
  }
  return [...most].flatMap(([name, count]) => {
    const fewer = runs.filter(({ run }) => (lists.get(run.split.seen)?.get(name) ?? 0) < count);
    return fewer.length === 0 ? [] : [{ name, nodes: fewer.map(({ node }) => node) }];
  });
}

/** How often each test was selected over all nodes. */
function countSelections(runs: readonly SplitNodeRun[]): Map<string, { seen: number; nodes: number[] }> {
  const result = new Map<string, { seen: number; nodes: number[] }>();
  for (const { run, node } of runs) {
    for (const [name, seen] of countNames(run.split.seen)) {
      const entry = result.get(name);
      if (entry === undefined) result.set(name, { seen, nodes: [] });
      else entry.seen = Math.max(entry.seen, seen);
    }
    for (const index of run.split.mine) result.get(run.split.seen.names[index] as string)?.nodes.push(node);
  }
  return result;
}

function finding(
  code: Finding['code'],
  file: string,
  fact: string,
  names: readonly string[],
  shown: readonly string[],
  nodes: readonly number[],
  remedy: string,
): Finding[] {
  if (names.length === 0) return [];
  return [
    {
      code,
      severity: 'error',
      message: `${file}: ${countOf(names.length, 'test')} ${fact}: ${listNames(shown)}.`,
      remedy,
      nodes: [...new Set(nodes)].sort((a, b) => a - b),
      items: names,
    },
  ];
}

const quote = (name: string): string => JSON.stringify(name);

function proveFile(file: string, entries: readonly NodeRun[]): Finding[] {
  const silent = entries.filter((entry) => !hasSplit(entry) && !entry.run.hasExecError);
  if (silent.length > 0) {
    const nodes = silent.map(({ node }) => node);
    return [
      {
        code: 'tests-unaccounted',
        severity: 'error',
        message: `${file}: ${listNodes(nodes)} ran a part of it and did not report which tests.`,
        remedy: 'Selection of tests did not run there: wire jest-distributed/setup (or the preset) into every project.',
        nodes,
        items: [file],
      },
    ];
  }
  const runs = entries.filter(hasSplit);
  const differing = sightDifferences(runs);
  const selections = [...countSelections(runs)];
  // A part that failed to load selected nothing, and is red as such: its tests are not lost without a word.
  const isWhole = runs.length === entries.length;
  // Of names that change from node to node nobody can say where they ran; that they do change is the finding.
  const changing = new Set(differing.map(({ name }) => name));
  const stable = selections.filter(([name]) => !changing.has(name));
  const missing = isWhole ? stable.filter(([, { seen, nodes }]) => nodes.length < seen) : [];
  const doubled = stable.filter(([, { seen, nodes }]) => nodes.length > seen);
  const stray = runs.flatMap(({ node, run }) => run.split.stray.map((name) => ({ name, node })));
  const unaccounted = runs.flatMap(({ node, run }) => run.split.unaccounted.map((name) => ({ name, node })));
  return [
    ...finding(
      'tests-differ',
      file,
      'not seen by all nodes that loaded the file, so it is not certain that every test of it ran once',
      differing.map(({ name }) => name),
      differing.map(({ name, nodes }) => `${quote(name)} (not by ${listNodes(nodes)})`),
      differing.flatMap(({ nodes }) => nodes),
      'Tests of a split file need the same names on every node. Keep the file whole with the pragma "@jest-distributed whole" in it, or take dates, random values and host names out of the names of its tests.',
    ),
    ...finding(
      'missing-tests',
      file,
      'ran on no node',
      missing.map(([name]) => name),
      missing.map(([name]) => quote(name)),
      [],
      'Run the nodes of this file again.',
    ),
    ...finding(
      'doubled-tests',
      file,
      'ran on more than one node',
      doubled.map(([name]) => name),
      doubled.map(([name, { nodes }]) => `${quote(name)} (${listNodes(nodes)})`),
      doubled.flatMap(([, { nodes }]) => nodes),
      'Make sure that all nodes plan from the same inputs.',
    ),
    ...finding(
      'stray-tests',
      file,
      'ran on a node that had not selected them',
      stray.map(({ name }) => name),
      stray.map(({ name, node }) => `${quote(name)} (node ${node})`),
      stray.map(({ node }) => node),
      "The project's own environment, test runner or runner changes what runs: let it leave the tests alone, or keep files of that project whole.",
    ),
    ...finding(
      'tests-unaccounted',
      file,
      'selected, but without a result',
      unaccounted.map(({ name }) => name),
      unaccounted.map(({ name, node }) => `${quote(name)} (node ${node})`),
      unaccounted.map(({ node }) => node),
      'Run that node again. If this remains, do not split this file.',
    ),
  ];
}

export function proveTests(blobs: readonly BlobSummary[]): Finding[] {
  return [...groupRuns(blobs)].flatMap(([key, entries]) => proveFile(keyName(key), entries));
}
