/** What the reporter prints after the last file: what this node ran against what was planned for it. */

import { type NamedCommand, repeatLines } from '../terminal/command-lines';
import { countOf, formatCount, formatDuration, formatShare } from '../terminal/format';
import { colorsOf, signsOf, type Terminal } from '../terminal/terminal';
import { cutStart, printable, wrapText } from '../terminal/text-width';

export interface TestCounts {
  readonly passed: number;
  readonly failed: number;
  /** Skipped, pending and todo. */
  readonly skipped: number;
}

export interface EndView {
  /** 1-based. */
  readonly node: number;
  readonly nodes: number;
  readonly filesPlanned: number;
  readonly filesRun: number;
  /** Of those that ran; files that could not be loaded count too. */
  readonly filesFailed: number;
  readonly tests: TestCounts;
  /** Time the plan gave this node, null where it knew no durations. */
  readonly plannedMs: number | null;
  /** From the first file's start to the last file's end. */
  readonly realMs: number;
  /** Planned here but without a result, named as people know them. */
  readonly notRun: readonly string[];
  /** Why they did not run, where it is known: `stopped by --bail`, `interrupted`. */
  readonly notRunCause?: string;
  /** What repeats failures on a developer's machine. */
  readonly repeats: readonly NamedCommand[];
}

const namesShown = 3;

/** A few calm lines: files, tests, time, then only what needs attention. */
export function endLines(view: EndView, terminal: Terminal): string[] {
  const { yellow } = colorsOf(terminal);
  const indents = { first: '  ', others: '    ' };
  const detail = (text: string) => wrapText(text, terminal.columns, indents);
  const warning = (text: string) => detail(`warning: ${text}`).map((line) => yellow(line));
  const hasRun = view.filesPlanned > 0 || view.filesRun > 0;
  const ranAsPlanned = view.filesRun === view.filesPlanned && view.notRun.length === 0;
  return [
    ...wrapText(`jest-distributed: ${filesText(view)}`, terminal.columns, { others: '  ' }),
    ...(hasRun ? [...detail(`tests: ${testsText(view.tests)}`), ...detail(`time: ${timeText(view)}`)] : []),
    ...(ranAsPlanned ? [] : warning(notRunText(view))),
    ...namedFiles(view.notRun, terminal),
    ...repeatLines(view.repeats, terminal),
  ];
}

function filesText(view: EndView): string {
  const who = `node ${view.node} of ${view.nodes}`;
  if (view.filesPlanned === 0 && view.filesRun === 0) return `${who} had nothing to run`;
  const failed = view.filesFailed > 0 ? ` (${formatCount(view.filesFailed)} failed)` : '';
  return `${who} ran ${formatCount(view.filesRun)} of ${countOf(view.filesPlanned, 'file')}${failed}`;
}

function timeText({ plannedMs, realMs }: EndView): string {
  const real = formatDuration(realMs);
  if (plannedMs === null || plannedMs <= 0) return real;
  const difference = realMs / plannedMs - 1;
  if (Math.abs(difference) < 0.005) return `${real}, as planned`;
  const sign = difference > 0 ? '+' : '-';
  return `${real}, planned ${formatDuration(plannedMs)} (${sign}${formatShare(Math.abs(difference))})`;
}

/** `1 failed, 2 skipped, 30 passed, 33 total`. */
export function testsText({ passed, failed, skipped }: TestCounts): string {
  const parts = [
    ...(failed > 0 ? [`${formatCount(failed)} failed`] : []),
    ...(skipped > 0 ? [`${formatCount(skipped)} skipped`] : []),
    `${formatCount(passed)} passed`,
  ];
  return `${parts.join(', ')}, ${formatCount(passed + failed + skipped)} total`;
}

function notRunText({ filesRun, filesPlanned, notRun, notRunCause }: EndView): string {
  if (notRun.length === 0) return `${countOf(filesRun, 'file')} ran where ${formatCount(filesPlanned)} were planned`;
  const cause = notRunCause === undefined ? '' : ` (${printable(notRunCause)})`;
  return `${countOf(notRun.length, 'planned file')} did not run${cause}`;
}

function namedFiles(names: readonly string[], terminal: Terminal): string[] {
  const { ellipsis } = signsOf(terminal);
  const shown = names
    .slice(0, namesShown)
    .map((name) => `    ${cutStart(printable(name), terminal.columns - 4, ellipsis)}`);
  return names.length > namesShown ? [...shown, `    and ${formatCount(names.length - namesShown)} more`] : shown;
}
