/** What the reporter of a queue's node prints after the last file. */

import { countOf, formatCount, formatDuration } from '../terminal/format';
import { ageText } from '../terminal/relative-time';
import { colorsOf, type Terminal } from '../terminal/terminal';
import { printable, wrapText } from '../terminal/text-width';
import { type TestCounts, testsText } from './end-lines';

export interface QueueEndView {
  readonly runId: string;
  /** Name of the node. */
  readonly node: string;
  /** Files of all nodes. */
  readonly found: number;
  /** Results of this node that count: files, and parts of split ones. */
  readonly accepted: number;
  /** Of those, parts that ran here. */
  readonly acceptedParts: number;
  /** Of those, what ran in an earlier process of this node and did not pass. */
  readonly inherited: readonly string[];
  /** Of those that ran here. */
  readonly failed: number;
  readonly tests: TestCounts;
  readonly realMs: number;
  /** Items as people read them, as in the following: failed here and ran elsewhere then, so in no report of this one. */
  readonly retried: readonly string[];
  /** Failed here, came back to this node, and failed again. */
  readonly failedAgain: readonly string[];
  /** Ran here while another node's result was accepted; in no report of this one. */
  readonly superseded: readonly string[];
  /** Each with its first error, or null where that is not known. */
  readonly flaky: readonly { readonly name: string; readonly error: string | null }[];
  /** Every item of all nodes has an accepted result. */
  readonly finished: boolean;
  /** How long before this node joined; null where it was not finished then. */
  readonly finishedAgoMs: number | null;
  /** What did not pass on other nodes; empty where this node ran something. */
  readonly failedElsewhere: readonly FailedElsewhere[];
  readonly cancelledBy: string | null;
}

export interface FailedElsewhere {
  readonly name: string;
  /** `poison`: every node that ran it died. */
  readonly outcome: 'failed' | 'poison';
}

const NAMES_SHOWN = 5;

function listed(names: readonly string[]): string {
  const more = names.length > NAMES_SHOWN ? ` and ${formatCount(names.length - NAMES_SHOWN)} more` : '';
  return `${names.slice(0, NAMES_SHOWN).map(printable).join(', ')}${more}`;
}

function ranText({ accepted, acceptedParts, inherited, found }: QueueEndView): string {
  const files = accepted - inherited.length - acceptedParts;
  if (acceptedParts === 0) return `${countOf(files, 'file')} of the ${formatCount(found)} in the queue`;
  const parts = `${countOf(acceptedParts, 'part')} of split files`;
  return `${files === 0 ? '' : `${countOf(files, 'file')} and `}${parts}, of ${countOf(found, 'file')} in the queue`;
}

/** Why nothing is left to run in a run that was over before this node came: the id was used before, or the node was late. */
export function finishedText(runId: string, agoMs: number): string {
  return `run ${printable(runId)} was finished ${ageText(agoMs)}, before this node joined; a run with another --run-id runs all tests again`;
}

/** Sentences on what did not pass on other nodes, for a node that is green for having run nothing. */
export function failedElsewhereTexts(failures: readonly FailedElsewhere[]): string[] {
  const named = (wanted: FailedElsewhere['outcome']) =>
    failures.filter(({ outcome }) => outcome === wanted).map(({ name }) => name);
  const [poison, failed] = [named('poison'), named('failed')];
  return [
    ...(poison.length > 0 ? [`${listed(poison)} never ran to the end in this run: every node that ran it died`] : []),
    ...(failed.length > 0 ? [`${listed(failed)} failed on another node of this run`] : []),
  ];
}

/** A few calm lines: files, tests, time, then only what needs attention. */
export function queueEndLines(view: QueueEndView, terminal: Terminal): string[] {
  const { yellow } = colorsOf(terminal);
  const indents = { first: '  ', others: '    ' };
  const detail = (text: string) => wrapText(text, terminal.columns, indents);
  const warning = (text: string) => detail(`warning: ${text}`).map((line) => yellow(line));
  const { accepted, inherited, failed, found, flaky, retried, failedAgain, superseded, cancelledBy } = view;
  const ran = accepted - inherited.length;
  const fails = failed > 0 ? ` (${formatCount(failed)} failed)` : '';
  const what = ran === 0 ? `found nothing left to run of ${countOf(found, 'file')}` : `ran ${ranText(view)}${fails}`;
  return [
    ...wrapText(`jest-distributed: node ${printable(view.node)} ${what}`, terminal.columns, { others: '  ' }),
    ...(ran > 0
      ? [...detail(`tests: ${testsText(view.tests)}`), ...detail(`time: ${formatDuration(view.realMs)}`)]
      : []),
    ...(ran === 0 && view.finishedAgoMs !== null ? detail(finishedText(view.runId, view.finishedAgoMs)) : []),
    ...failedElsewhereTexts(view.failedElsewhere).flatMap(warning),
    ...(inherited.length > 0
      ? warning(`${listed(inherited)} did not pass in an earlier process of this node, so this process is red too`)
      : []),
    ...flaky
      .slice(0, NAMES_SHOWN)
      .flatMap(({ name, error }) =>
        warning(
          `flaky: ${printable(name)} passed here after a failure: ${printable(error ?? 'its error is unknown here')}`,
        ),
      ),
    ...(flaky.length > NAMES_SHOWN ? warning(`flaky: ${formatCount(flaky.length - NAMES_SHOWN)} more`) : []),
    ...(retried.length > 0
      ? warning(`${listed(retried)} failed here and went to another node; not in this report`)
      : []),
    ...(failedAgain.length > 0
      ? warning(`${listed(failedAgain)} failed here, ran again on this node and failed again`)
      : []),
    ...(superseded.length > 0
      ? warning(`${listed(superseded)} ran here too late: another result counts; not in this report`)
      : []),
    ...(cancelledBy === null ? [] : warning(`run ${view.runId} was cancelled by ${printable(cancelledBy)}`)),
    ...(view.finished || cancelledBy !== null ? [] : warning(`run ${view.runId} was not finished when this node left`)),
  ];
}
