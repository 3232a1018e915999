/** The one line that the sequencer prints by itself, where no reporter says more. */
import type { StrategyName } from '../../plan/strategies/strategy';
import { countOf, formatCount, shortDigest } from '../terminal/format';
import type { Terminal } from '../terminal/terminal';
import { printable, wrapText } from '../terminal/text-width';

/** This node's share of a plan; also where it is empty, and where there is only one node. */
export interface PlannedShare {
  readonly kind: 'planned';
  /** 1-based. */
  readonly node: number;
  readonly nodes: number;
  /** Files of this node. */
  readonly files: number;
  /** Files of all nodes. */
  readonly allFiles: number;
  readonly strategy: StrategyName;
  readonly digest: string;
}

/** Switched off on purpose: everything runs here. */
interface DisabledShare {
  readonly kind: 'disabled';
  /** What switched it off, as a person wrote it: `JEST_DISTRIBUTED_DISABLED=1`, `--distributed-disabled`. */
  readonly source: string;
  readonly allFiles: number;
}

/** Watch mode is for one developer at one machine: everything runs here. */
interface WatchShare {
  readonly kind: 'watch';
}

/** `--onlyFailures` reads a cache that differs per machine, so its files cannot be placed. */
interface OnlyFailuresShare {
  readonly kind: 'only-failures';
  readonly node: number;
  readonly nodes: number;
  readonly files: number;
}

/** Nodes pull files until none is left, so nobody knows a share. */
interface QueueShare {
  readonly kind: 'queue';
  /** Of this node. */
  readonly name: string;
  /** Which node of how many this is, 1-based; null where any number of nodes may come. */
  readonly place: { readonly number: number; readonly nodes: number } | null;
  readonly runId: string;
  readonly allFiles: number;
}

/** Jest found no file, and is content with that. */
interface NothingShare {
  readonly kind: 'nothing';
  readonly node: number;
  readonly nodes: number;
  /** A clause. */
  readonly reason: string;
}

export type ShareView = NothingShare | PlannedShare | DisabledShare | WatchShare | OnlyFailuresShare | QueueShare;

/**
 * Says which files run here and why. One line where the terminal is wide enough; for that, a digest may lose digits.
 *
 * @example 'jest-distributed: node 2 of 4 runs 10 of 40 files (bounded-ring, digest 3f9a)'
 */
export function shareLines(view: ShareView, terminal: Terminal): string[] {
  const lines = noticeLines(shareText(view, 8), terminal);
  return lines.length === 1 ? lines : noticeLines(shareText(view, 4), terminal);
}

/** Any other sentence of ours in the midst of Jest's output: why everything runs here, what a CI lacks. */
export function noticeLines(notice: string | readonly string[], terminal: Terminal): string[] {
  const [first = '', ...more] = typeof notice === 'string' ? [notice] : notice;
  return [
    ...wrapText(`jest-distributed: ${printable(first)}`, terminal.columns, { others: '  ' }),
    ...more.flatMap((line) => {
      const indent = `  ${/^ */.exec(line)?.[0] ?? ''}`;
      return wrapText(printable(line.trimStart()), terminal.columns, { first: indent, others: indent });
    }),
  ];
}

function shareText(view: ShareView, digestDigits: number): string {
  switch (view.kind) {
    case 'planned':
      return plannedText(view, shortDigest(view.digest, digestDigits));
    case 'queue':
      return `node ${queueNodeName(view)} pulls from the queue of ${countOf(view.allFiles, 'file')} (run ${view.runId})`;
    case 'nothing':
      return `${view.nodes === 1 ? 'there' : `node ${view.node} of ${view.nodes}: there`} is nothing to run: ${view.reason}`;
    case 'disabled':
      return `disabled by ${view.source}: ${allOf(view.allFiles)} here`;
    case 'watch':
      return 'watch mode is not distributed, so every file runs here';
    case 'only-failures':
      return (
        `node ${view.node} of ${view.nodes} runs ${countOf(view.files, 'file')} that failed on this machine ` +
        '(--onlyFailures: not placed, so this run cannot be proven complete)'
      );
  }
}

function queueNodeName({ name, place }: QueueShare): string {
  if (place === null) return name;
  const { number, nodes } = place;
  return name === String(number) ? `${name} of ${nodes}` : `${name} (${number} of ${nodes})`;
}

function plannedText(view: PlannedShare, digest: string): string {
  const { node, nodes, files, allFiles, strategy } = view;
  const name = `node ${node} of ${nodes}`;
  const all = countOf(allFiles, 'file');
  if (files === 0) return `${name}: 0 of ${all} ${allFiles === 1 ? 'is' : 'are'} this node's (digest ${digest})`;
  return `${name} runs ${formatCount(files)} of ${all} (${strategy}, digest ${digest})`;
}

function allOf(files: number): string {
  return files === 1 ? 'the one file runs' : `all ${countOf(files, 'file')} run`;
}
