/**
 * Did all nodes plan from the same inputs? Shows what differs, and on which nodes.
 */

import type { Json } from '../blob/blob';
import type { BlobSummary } from '../blob/blob-summary';
import { itemName } from '../blob/item-name';
import { fileKey, type TestFile } from '../plan/item';
import type { Plan } from '../plan/plan';
import { planAgain } from '../shell/plan-again';
import { compareTrees } from './compare-trees';
import { countOf, type Finding, type FindingCode, indentLines, listNodes, type Severity } from './finding';
import { withFiles } from './nothing-to-run';
import { oneCommit } from './rerun-node';

/** Nodes by what they say, most nodes first. */
function groupByText(blobs: readonly BlobSummary[], say: (blob: BlobSummary) => string | null): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const blob of blobs) {
    const text = say(blob);
    if (text === null) continue;
    const nodes = groups.get(text);
    if (nodes === undefined) groups.set(text, [blob.metadata.node.number]);
    else nodes.push(blob.metadata.node.number);
  }
  return new Map([...groups].sort(([, a], [, b]) => b.length - a.length));
}

const describe = (groups: ReadonlyMap<string, readonly number[]>): string =>
  [...groups].map(([text, nodes]) => `${text} on ${listNodes(nodes)}`).join('; ');

/** All but the largest group: those who are probably wrong. */
const minority = (groups: ReadonlyMap<string, readonly number[]>): number[] => [...groups.values()].slice(1).flat();

interface Fact {
  readonly name: string;
  readonly code: FindingCode;
  readonly severity: Severity;
  readonly remedy: string;
  readonly say: (blob: BlobSummary) => string | null;
}

const sameCheckout = 'Check out the same commit on every node.';
const sameInstall = 'Install from the same lock file on every node.';
const sameSettings = 'Give every node of the run the same settings.';

/** Long calls may differ in what their text leaves out. */
const callText = ({ metadata: { call } }: BlobSummary): string =>
  call.text.includes('…') || / and \d+ more\)$/.test(call.text)
    ? `${call.text} [${call.digest.slice(0, 8)}]`
    : call.text;

const facts: readonly Fact[] = [
  {
    name: 'Jest calls',
    code: 'calls-differ',
    severity: 'error',
    remedy:
      'Give Jest the same arguments on every node. A Jest call that is meant to differ needs a --label of its own.',
    say: callText,
  },
  {
    name: 'Versions of jest-distributed',
    code: 'inputs-differ',
    severity: 'error',
    remedy: sameInstall,
    say: ({ metadata }) => metadata.packageVersion,
  },
  {
    name: 'Versions of Jest',
    code: 'inputs-differ',
    severity: 'error',
    remedy: sameInstall,
    say: ({ metadata }) => metadata.jestVersion,
  },
  {
    name: 'Coverage thresholds',
    code: 'inputs-differ',
    severity: 'error',
    remedy: sameSettings,
    say: ({ metadata: { coverageProvider, coverageThreshold } }) =>
      coverageProvider === null ? null : coverageThreshold ? JSON.stringify(coverageThreshold.groups) : 'none',
  },
  {
    name: 'Strategies',
    code: 'inputs-differ',
    severity: 'error',
    remedy: sameSettings,
    say: ({ metadata }) => metadata.plan?.strategy ?? null,
  },
  {
    name: 'Values of hash-by',
    code: 'inputs-differ',
    severity: 'error',
    remedy: sameSettings,
    say: ({ metadata }) => metadata.plan?.hashBy ?? null,
  },
  {
    name: 'Planned numbers of workers',
    code: 'inputs-differ',
    severity: 'error',
    remedy: sameSettings,
    say: ({ metadata }) => metadata.plan && String(metadata.plan.workers),
  },
  {
    name: 'Quarantine files (jest-distributed.quarantine.json)',
    code: 'quarantine-differs',
    severity: 'error',
    remedy: sameCheckout,
    say: ({ metadata: { quarantine } }) =>
      quarantine === undefined ? null : quarantine === null ? 'none' : quarantine.slice(0, 8),
  },
  {
    name: 'Versions of Node.js',
    code: 'environments-differ',
    severity: 'note',
    remedy: '',
    say: ({ metadata }) => metadata.nodeVersion,
  },
];

/** Most nodes are right, if there are most. */
function checkOut(commits: ReadonlyMap<string, readonly number[]>): string {
  const [[commit, most] = ['', []], [, next] = ['', []]] = [...commits];
  return most.length > next.length
    ? `Check out the same commit on every node: run ${listNodes(minority(commits))} again on commit ${commit}.`
    : sameCheckout;
}

/** Commits of one tree hold the same files, as where a CI makes the merge commit of a pull request anew for each job. */
function compareCommits(blobs: readonly BlobSummary[]): Finding[] {
  const commits = groupByText(blobs, ({ metadata }) => metadata.commit);
  if (commits.size < 2) return [];
  const trees = groupByText(blobs, ({ metadata: { commit, commitTree } }) => commitTree ?? commit);
  const isSame = trees.size === 1;
  return [
    {
      code: 'inputs-differ',
      severity: isSame ? 'note' : 'error',
      message: `Commits differ${isSame ? ', but hold the same files' : ''}: ${describe(commits)}.`,
      remedy: isSame ? '' : checkOut(commits),
      nodes: minority(commits),
      items: [],
    },
  ];
}

function compareFacts(blobs: readonly BlobSummary[]): Finding[] {
  return facts.flatMap(({ name, code, severity, remedy, say }) => {
    const groups = groupByText(blobs, say);
    if (groups.size < 2) return [];
    return [
      { code, severity, message: `${name} differ: ${describe(groups)}.`, remedy, nodes: minority(groups), items: [] },
    ];
  });
}

const asText = (value: Json | undefined): string => (value === undefined ? '(not recorded)' : JSON.stringify(value));

function comparePlanInputs(blobs: readonly BlobSummary[]): Finding[] {
  const names = new Set(blobs.flatMap(({ metadata }) => Object.keys(metadata.planInputs)));
  return [...names].flatMap((name) => {
    const groups = groupByText(blobs, ({ metadata }) => asText(metadata.planInputs[name]));
    if (groups.size < 2) return [];
    return [
      {
        code: 'inputs-differ' as const,
        severity: 'error' as const,
        message: `The inputs of the plan differ in ${name}: ${describe(groups)}.`,
        remedy: sameSettings,
        nodes: minority(groups),
        items: [],
      },
    ];
  });
}

interface Placing {
  readonly name: string;
  readonly estimate: number;
  readonly node: number;
}

function placings(plan: Plan): Map<string, Placing> {
  return new Map(
    plan.nodes.flatMap(({ node, items }) =>
      items.map(({ file, project, part, estimate }) => {
        const testFile: TestFile = { project, path: file };
        return [fileKey(testFile, part), { name: itemName(testFile, part), estimate: estimate, node }] as const;
      }),
    ),
  );
}

interface PlanOf {
  readonly plan: Plan;
  /** Who planned so, as people read them. */
  readonly nodes: string;
}

const UNITS: Readonly<Record<Plan['unit'], (estimate: number) => string>> = {
  ms: (estimate) => ` (${estimate} ms)`,
  bytes: (estimate) => ` (${countOf(estimate, 'byte')})`,
  files: () => '',
};

/** `a.test.js: planned for node 1 (120 ms) by nodes 1 and 2; not planned by node 3`. */
function differencesOf(plans: readonly PlanOf[]): string[] {
  const sides = plans.map(({ plan, nodes }) => ({ nodes, unit: UNITS[plan.unit], placed: placings(plan) }));
  const names = new Map(sides.flatMap(({ placed }) => [...placed].map(([key, { name }]) => [key, name])));
  const lines = [...names].flatMap(([key, name]) => {
    const facts = sides.map(({ placed, unit, nodes }) => {
      const placing = placed.get(key);
      const fact = placing === undefined ? 'not planned' : `planned for node ${placing.node}${unit(placing.estimate)}`;
      return { fact, text: `${fact} by ${nodes}` };
    });
    return new Set(facts.map(({ fact }) => fact)).size === 1
      ? []
      : [`${name}: ${facts.map(({ text }) => text).join('; ')}`];
  });
  return lines.sort();
}

function comparePlans(blobs: readonly BlobSummary[]): Finding[] {
  const groups = groupByText(blobs, ({ metadata }) => metadata.plan?.digest ?? null);
  if (groups.size < 2) return [];
  const plans = [...groups].map(([digest, nodes]): PlanOf => {
    const blob = blobs.find(({ metadata }) => metadata.plan?.digest === digest);
    return { plan: blob?.metadata.plan as Plan, nodes: listNodes(nodes) };
  });
  const lines = differencesOf(plans);
  const isTimed = plans.some(({ plan }) => plan.unit === 'ms');
  const once = `plan once and give the plan to all nodes: ${planAgain((plans[0] as PlanOf).plan.nodes.length, blobs[0]?.metadata.repeat?.jestArgs ?? [])}`;
  return [
    {
      code: 'plans-differ',
      severity: 'error',
      message: `Nodes planned from different inputs: digest ${describe(groups)}.${indentLines(lines)}`,
      remedy: isTimed ? `Commit the timings file, or ${once}` : once.replace(/^p/, 'P'),
      nodes: minority(groups),
      items: lines,
    },
  ];
}

function sameFiles(blobs: readonly BlobSummary[]): string {
  const commit = oneCommit(blobs);
  const always = 'generate files before Jest starts, and give Jest the same arguments.';
  return commit === null
    ? `Check out the same commit on every node, ${always}`
    : `All nodes are at commit ${commit.slice(0, 8)}, so their folders differ: "git status" on each node lists files that are there and not in the commit. Remove or commit them, ${always}`;
}

function compareFound(blobs: readonly BlobSummary[]): Finding[] {
  // Equal lists are one object since the summary, so most comparisons are free.
  const lists = new Map<readonly TestFile[], Set<string>>();
  for (const { metadata } of blobs) {
    if (!lists.has(metadata.found)) lists.set(metadata.found, new Set(metadata.found.map((file) => fileKey(file))));
  }
  const all = new Map(
    blobs.flatMap(({ metadata }) => (lists.size > 1 ? metadata.found : [])).map((file) => [fileKey(file), file]),
  );
  const lines: string[] = [];
  const disagreeing = new Set<number>();
  for (const [key, file] of all) {
    const missing = blobs
      .filter(({ metadata }) => !lists.get(metadata.found)?.has(key))
      .map(({ metadata }) => metadata.node.number);
    if (missing.length === 0) continue;
    for (const node of missing) disagreeing.add(node);
    lines.push(`${itemName(file, null)}: not found by ${listNodes(missing)}`);
  }
  if (lines.length === 0) return [];
  return [
    {
      code: 'files-differ',
      severity: 'error',
      message: `Nodes found different test files: ${countOf(lines.length, 'file')} not found by all.${indentLines(lines.sort())}`,
      remedy: sameFiles(blobs),
      nodes: [...disagreeing].sort((a, b) => a - b),
      items: lines,
    },
  ];
}

/** All differences between the nodes of one run. */
export function compareNodes(blobs: readonly BlobSummary[]): Finding[] {
  // One finding says of a node that it found nothing; its empty plan would only repeat that, file by file.
  const working = withFiles(blobs);
  return [
    ...compareCommits(blobs),
    ...compareFacts(blobs),
    ...comparePlanInputs(blobs),
    ...compareFound(working),
    ...compareTrees(working),
    ...comparePlans(working),
  ];
}

/** The plan that most nodes followed, or null. */
export function commonPlan(all: readonly BlobSummary[]): Plan | null {
  const working = withFiles(all);
  const blobs = working.length > 0 ? working : all;
  const [digest] = groupByText(blobs, ({ metadata }) => metadata.plan?.digest ?? null).keys();
  return blobs.find(({ metadata }) => metadata.plan?.digest === digest)?.metadata.plan ?? null;
}
