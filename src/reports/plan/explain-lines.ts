/** What `jest-distributed explain <file>` prints: where an item goes and why. */
import { fileName, parseKey } from '../../plan/item';
import type { EstimateUnit } from '../../plan/plan';
import type { PlacementReason, StrategyName } from '../../plan/strategies/strategy';
import { workerName } from '../../workers/names';
import { formatLoad } from '../terminal/format';
import { labelledLines } from '../terminal/labelled-lines';
import { colorsOf, signsOf, type Terminal } from '../terminal/terminal';
import { cutStart, printable } from '../terminal/text-width';

/** Where an estimate comes from. */
export type EstimateSource =
  /** Durations of this very file (or test). */
  | 'recorded'
  /** It is not in the timings: the median of what is. */
  | 'median'
  /** No timings at all: size of the file. */
  | 'size'
  /** Nothing known: every file counts 1. */
  | 'count';

export interface ExplainView {
  readonly project: string | null;
  /** POSIX path relative to the project's rootDir. */
  readonly file: string;
  readonly part: string | null;
  /** What is hashed. */
  readonly key: string;
  /** Unsigned 32-bit point on the ring. */
  readonly hash: number;
  readonly strategy: StrategyName;
  readonly reason: PlacementReason;
  /** Node that owns the point, 1-based. */
  readonly home: number;
  /** Node it goes to, 1-based. */
  readonly node: number;
  readonly nodes: number;
  /** Jest workers of a node, as far as the plan goes. */
  readonly workers: number;
  readonly estimate: number;
  readonly unit: EstimateUnit;
  readonly estimateSource: EstimateSource;
  /** Load of the node it goes to. */
  readonly nodeLoad: number;
  /** Largest load of any node. */
  readonly largestLoad: number;
  /** Why the file may not be split where others are, a few words; null where that is not so. */
  readonly whole: string | null;
  /** Node of the last assignment, 1-based; null where there is none or the item is new. */
  readonly previousNode: number | null;
  /** Where it ran in the last run that left blobs here, in words; null where there is none. */
  readonly lastRun: string | null;
}

export function explainLines(view: ExplainView, terminal: Terminal): string[] {
  const { bold } = colorsOf(terminal);
  const { ellipsis, pointer } = signsOf(terminal);
  return [
    bold(cutStart(nameOf(view, terminal), terminal.columns, ellipsis)),
    ...labelledLines(
      [
        ['node', `${view.node} of ${view.nodes} (${view.strategy})`],
        ['why', reasonText(view)],
        ['key', printable(readableKey(view.key, pointer))],
        ['hash', `0x${view.hash.toString(16).padStart(8, '0')} on the ring, where node ${view.home} is home`],
        ['estimate', `${formatLoad(view.estimate, view.unit)}, ${sourceTexts[view.estimateSource]}`],
        ['load', loadText(view)],
        ['worker', workersText(view)],
        ...(view.whole === null ? [] : [['whole', printable(view.whole)] as const]),
        ['before', view.previousNode === null ? 'there is no earlier assignment' : `node ${view.previousNode}`],
        ...(view.lastRun === null ? [] : [['ran', printable(view.lastRun)] as const]),
      ],
      terminal,
      '  ',
    ),
  ];
}

/** Jest hands a file to the worker that is free, and the host gives slots: only the report of a run knows both. */
function workersText({ node, workers }: ExplainView): string {
  const first = workerName(node, 1);
  const names = workers === 1 ? first : `one of ${first} to ${workerName(node, workers)}`;
  return `${names}; its slot is one of its host`;
}

function readableKey(key: string, pointer: string): string {
  const { file, part } = parseKey(key);
  return part === null ? fileName(file) : `${fileName(file)} ${pointer} ${part}`;
}

function nameOf({ project, file, part }: ExplainView, terminal: Terminal): string {
  const { pointer } = signsOf(terminal);
  return [project, file, part]
    .filter((name) => name !== null)
    .map(printable)
    .join(` ${pointer} `);
}

function reasonText({ reason, home, node, previousNode }: ExplainView): string {
  const homeThis = home === node;
  switch (reason) {
    case 'home':
      return 'home: its point on the ring belongs to this node';
    case 'overflow':
      return `overflow: home node ${home} is full, so it is on node ${node}`;
    case 'sticky':
      return `sticky: it stays on the node of the last assignment${homeThis ? ', which is also its home' : ''}`;
    case 'new':
      return 'new: it is not in the last assignment, so it is on the node with the least load';
    case 'rebalanced':
      return `rebalanced: moved here${previousNode === null ? '' : ` from node ${previousNode}`} because that lowers the longest load`;
  }
}

const sourceTexts: Readonly<Record<EstimateSource, string>> = {
  recorded: 'from its recorded durations',
  median: 'the median of the recorded files, as it has no timings',
  size: 'its size and the median size, as there are no timings',
  count: 'as there are no timings: every file counts 1',
};

function loadText({ node, nodeLoad, largestLoad, unit }: ExplainView): string {
  const load = `node ${node} has ${formatLoad(nodeLoad, unit)}`;
  return nodeLoad >= largestLoad
    ? `${load}, the largest load`
    : `${load}; the largest load is ${formatLoad(largestLoad, unit)}`;
}
