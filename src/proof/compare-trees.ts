/**
 * Did all nodes have the same files, Jest config and settings? At one commit, too, a checkout may hold something else:
 * a change that was never committed, a code generator that failed, no git at all.
 */

import type { Json } from '../blob/blob';
import type { BlobSummary } from '../blob/blob-summary';
import { itemName } from '../blob/item-name';
import { contentsOf, GONE_FILE, type TreeRecord } from '../blob/tree-line';
import { fileKey } from '../plan/item';
import { countOf, type Finding, indentLines, listNodes } from './finding';
import { oneCommit, rerunLines } from './rerun-node';

type WithTree = BlobSummary & { readonly tree: TreeRecord };

/** Nodes by what they say, most nodes first. */
type Groups = Map<string, number[]>;

function addTo(groups: Groups, text: string, nodes: readonly number[]): void {
  groups.set(text, [...(groups.get(text) ?? []), ...nodes]);
}

const sorted = (groups: Groups): [string, number[]][] => [...groups].sort(([, a], [, b]) => b.length - a.length);

/** All but the largest group: those who are probably wrong. */
const minority = (groups: Groups): number[] =>
  sorted(groups)
    .slice(1)
    .flatMap(([, nodes]) => nodes);

const unique = (nodes: readonly number[]): number[] => [...new Set(nodes)].sort((a, b) => a - b);

/** Equal trees are one object since they were read, so most comparisons are free. */
function groupByTree(blobs: readonly WithTree[]): { blob: WithTree; nodes: number[] }[] {
  const groups = new Map<TreeRecord, Map<unknown, { blob: WithTree; nodes: number[] }>>();
  for (const blob of blobs) {
    const byFound = groups.get(blob.tree) ?? new Map<unknown, { blob: WithTree; nodes: number[] }>();
    groups.set(blob.tree, byFound);
    const group = byFound.get(blob.metadata.found);
    if (group === undefined) byFound.set(blob.metadata.found, { blob, nodes: [blob.metadata.node.number] });
    else group.nodes.push(blob.metadata.node.number);
  }
  return [...groups.values()].flatMap((byFound) => [...byFound.values()]);
}

/** Keys of files that their own tests may have changed: inline snapshots stand in the test file. */
export function filesThatWroteSnapshots(blobs: readonly BlobSummary[]): Set<string> {
  return new Set(blobs.flatMap(({ runs }) => runs.filter((run) => run.wroteSnapshots).map(({ key }) => key)));
}

function compareContents(blobs: readonly WithTree[]): Finding[] {
  const groups = groupByTree(blobs);
  if (groups.length < 2) return [];
  const versions = new Map<string, Groups>();
  const names = new Map<string, string>();
  for (const { blob, nodes } of groups) {
    for (const [key, content] of contentsOf(blob.tree, blob.metadata.found)) {
      const ofFile = versions.get(key) ?? new Map<string, number[]>();
      versions.set(key, ofFile);
      addTo(ofFile, content, nodes);
    }
    for (const file of blob.metadata.found) names.set(fileKey(file), itemName(file, null));
  }
  const written = filesThatWroteSnapshots(blobs);
  const different = [...versions].filter(([key, ofFile]) => ofFile.size > 1 && !written.has(key));
  if (different.length === 0) return [];
  const lines = different.map(([key, ofFile]) => {
    const texts = sorted(ofFile).map(([content, nodes]) => `${content.slice(0, 8)} on ${listNodes(nodes)}`);
    return `${names.get(key)}: ${texts.join('; ')}`;
  });
  const changed = unique(blobs.filter(({ tree }) => tree.dirty).map(({ metadata }) => metadata.node.number));
  const dirty = changed.length === 0 ? '' : ` Tracked files are changed on ${listNodes(changed)}.`;
  const nodes = unique(different.flatMap(([, ofFile]) => minority(ofFile)));
  return [
    {
      code: 'file-versions-differ',
      severity: 'error',
      message: `Nodes had different versions of ${countOf(different.length, 'test file')}.${dirty}${indentLines(lines.sort())}`,
      remedy: changed.length === 0 ? sameVersions(blobs, nodes) : withoutChanges(blobs, changed),
      nodes,
      items: lines,
    },
  ];
}

/** Ends in a colon where commands follow. */
const withCommands = (text: string, commands: string): string => `${text}${commands === '' ? '.' : `:${commands}`}`;

const withoutChanges = (blobs: readonly BlobSummary[], nodes: readonly number[]): string =>
  withCommands(
    `Run ${listNodes(nodes)} again without the changes ("git status" there lists them)`,
    rerunLines(blobs, nodes),
  );

function sameVersions(blobs: readonly BlobSummary[], nodes: readonly number[]): string {
  const commit = oneCommit(blobs);
  if (commit === null) return 'Check out the same commit on every node, and generate files in the same way.';
  return withCommands(
    `All nodes are at commit ${commit.slice(0, 8)}, so these files are not as committed, or are generated. Make them equal and run ${listNodes(nodes)} again`,
    rerunLines(blobs, nodes),
  );
}

function compareConfigs(blobs: readonly WithTree[]): Finding[] {
  const settings = new Map<string, Groups>();
  for (const { tree, metadata } of blobs) {
    for (const { project, settings: own } of tree.configs) {
      for (const [name, digest] of Object.entries(own)) {
        const text = project === null ? name : `${name} of project ${project}`;
        const groups = settings.get(text) ?? new Map<string, number[]>();
        settings.set(text, groups);
        addTo(groups, digest, [metadata.node.number]);
      }
    }
  }
  const different = [...settings].filter(([, groups]) => groups.size > 1);
  if (different.length === 0) return [];
  const lines = different.map(
    ([name, groups]) =>
      `${name}: ${sorted(groups)
        .map(([digest, nodes]) => `${digest} on ${listNodes(nodes)}`)
        .join('; ')}`,
  );
  return [
    {
      code: 'configs-differ',
      severity: 'error',
      message: `The Jest config differs between nodes in ${countOf(different.length, 'setting')}.${indentLines(lines.sort())}`,
      remedy: 'Give Jest the same config on every node: it must not depend on the machine or its environment.',
      nodes: unique(different.flatMap(([, groups]) => minority(groups))),
      items: lines,
    },
  ];
}

const asText = (value: Json | undefined): string =>
  value === undefined || value === null ? '(not set)' : JSON.stringify(value);

function compareSettings(blobs: readonly WithTree[]): Finding[] {
  const known = blobs.filter(({ tree }) => tree.settings !== null);
  const names = [...new Set(known.flatMap(({ tree }) => Object.keys(tree.settings ?? {})))];
  return names.flatMap((name) => {
    const groups: Groups = new Map();
    for (const { tree, metadata } of known) addTo(groups, asText(tree.settings?.[name]), [metadata.node.number]);
    if (groups.size < 2) return [];
    const texts = sorted(groups).map(([text, nodes]) => `${text} on ${listNodes(nodes)}`);
    return [
      {
        code: 'settings-differ' as const,
        severity: 'error' as const,
        message: `The setting ${name} differs: ${texts.join('; ')}.`,
        remedy: 'Give every node of the run the same settings.',
        nodes: unique(minority(groups)),
        items: [],
      },
    ];
  });
}

const COMMITTED = 'as committed';

/** Changes that are not committed, where a person starts the nodes: results of two states of the code are no run. */
function compareChanges(blobs: readonly WithTree[]): Finding[] {
  const known = blobs.filter(({ tree }) => tree.changed !== undefined);
  const names = [...new Set(known.flatMap(({ tree }) => Object.keys(tree.changed ?? {})))].sort();
  const different = names.flatMap((name) => {
    const groups: Groups = new Map();
    for (const { tree, metadata } of known) {
      const content = tree.changed?.[name];
      const state = content === undefined ? COMMITTED : content === GONE_FILE ? 'gone' : content.slice(0, 8);
      addTo(groups, state, [metadata.node.number]);
    }
    return groups.size > 1 ? [{ name, groups }] : [];
  });
  if (different.length === 0) return [];
  const lines = different.map(({ name, groups }) => {
    const texts = sorted(groups).map(([state, nodes]) => `${state} on ${listNodes(nodes)}`);
    return `${name}: ${texts.join('; ')}`;
  });
  return [
    {
      code: 'changes-differ',
      severity: 'error',
      message: `${countOf(different.length, 'file')} changed between the starts of the nodes, and the change is not committed.${indentLines(lines)}`,
      remedy:
        'Run all nodes again with the files as they are now. To keep runs apart, give each a --run-id of its own; add files that tests write to .gitignore.',
      nodes: unique(different.flatMap(({ groups }) => minority(groups))),
      items: lines,
    },
  ];
}

/** All differences between the checkouts of the nodes; one that was cut short before it knew its own says nothing. */
export function compareTrees(blobs: readonly BlobSummary[]): Finding[] {
  const known = blobs.filter((blob): blob is WithTree => blob.tree !== null);
  const algorithms = new Set(known.map(({ tree }) => tree.algorithm));
  const comparable = [...algorithms].flatMap((name) =>
    compareContents(known.filter((one) => one.tree.algorithm === name)),
  );
  return [...comparable, ...compareChanges(known), ...compareConfigs(known), ...compareSettings(known)];
}
