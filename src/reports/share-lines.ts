/** The one line that the sequencer prints by itself, where no reporter says more. */
import type { StrategyName } from '../plan/strategy';
import { printable, wrapText } from './cells';
import { countOf, formatCount, shortDigest } from './durations';
import type { Terminal } from './terminal';

/** This node's share of a plan; also where it is empty, and where there is only one node. */
export interface PlannedShare {
  readonly kind: 'planned';
  /** 1-based. */
  readonly node: number;
  readonly nodes: number;
  /** Files of this node, parts of split files not counted. */
  readonly files: number;
  /** Parts of split files that are this node's. */
  readonly parts?: number;
  /** Files of all nodes. */
  readonly allFiles: number;
  readonly strategy: StrategyName;
  readonly digest: string;
}

/** Switched off on purpose: everything runs here. */
export interface DisabledShare {
  readonly kind: 'disabled';
  /** What switched it off, as a person wrote it: `JEST_DISTRIBUTED_DISABLED=1`, `--distributed-disabled`. */
  readonly source: string;
  readonly allFiles: number;
}

/** Watch mode is for one developer at one machine: everything runs here. */
export interface WatchShare {
  readonly kind: 'watch';
}

/** A CI whose variables may mean a matrix of variants, where splitting would lose tests: everything runs here. */
export interface AmbiguousShare {
  readonly kind: 'ambiguous';
  /** `GitLab`, `Azure Pipelines`. */
  readonly provider: string;
  /** `CI_NODE_INDEX` */
  readonly indexVariable: string;
  /** `CI_NODE_TOTAL` */
  readonly totalVariable: string;
  readonly allFiles: number;
}

/** `--onlyFailures` reads a cache that differs per machine, so its files cannot be placed. */
export interface OnlyFailuresShare {
  readonly kind: 'only-failures';
  readonly node: number;
  readonly nodes: number;
  readonly files: number;
}

export type ShareView = PlannedShare | DisabledShare | WatchShare | AmbiguousShare | OnlyFailuresShare;

/**
 * Says which files run here and why. One line where the terminal is wide enough.
 *
 * @example 'jest-distributed: node 2 of 4 runs 10 of 40 files (bounded-ring, digest 3f9a1c2e)'
 */
export function shareLines(view: ShareView, terminal: Terminal): string[] {
  return wrapText(`jest-distributed: ${shareText(view)}`, terminal.columns, '  ');
}

function shareText(view: ShareView): string {
  switch (view.kind) {
    case 'planned':
      return `${plannedText(view)} (${view.strategy}, digest ${shortDigest(view.digest)})`;
    case 'disabled':
      return `disabled by ${printable(view.source)}, so ${allOf(view.allFiles)} here`;
    case 'watch':
      return 'watch mode is not distributed, so every file runs here';
    case 'ambiguous':
      return (
        `${allOf(view.allFiles)} here: ${view.provider} sets ${view.indexVariable} and ${view.totalVariable} for a ` +
        'matrix of variants too. To divide the files among these jobs set JEST_DISTRIBUTED_NODES=auto or pass --nodes auto'
      );
    case 'only-failures':
      return (
        `node ${view.node} of ${view.nodes} runs ${countOf(view.files, 'file')} that failed on this machine ` +
        '(--onlyFailures: not placed, so this run cannot be proven complete)'
      );
  }
}

function plannedText({ node, nodes, files, parts = 0, allFiles }: PlannedShare): string {
  const name = `node ${node} of ${nodes}`;
  if (files === 0 && parts === 0)
    return `0 of ${countOf(allFiles, 'file')} are this node's: ${name} has nothing to run`;
  const ofFiles = `${formatCount(files)} of ${countOf(allFiles, 'file')}`;
  return parts === 0
    ? `${name} runs ${ofFiles}`
    : `${name} runs ${ofFiles} and ${countOf(parts, 'part')} of split files`;
}

function allOf(files: number): string {
  return files === 1 ? 'the one file runs' : `all ${countOf(files, 'file')} run`;
}
