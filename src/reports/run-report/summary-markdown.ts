/** The summary as markdown, for `GITHUB_STEP_SUMMARY` and wherever markdown is shown. */
import { withCode } from '../../errors';
import { fileName } from '../../plan/item';
import { foldFindings, listNodes } from '../../proof/finding';
import { commandText as shellText } from '../../shell/quote';
import { repeatTests } from '../../shell/reproduce-tests';
import { runnerWords } from '../../shell/runner';
import { heldHeadline } from '../node/held-text';
import { countOf, formatCount, formatDuration, formatRatio } from '../terminal/format';
import { baseClauses, baseName, slowerTexts } from './base-text';
import { failureNodes } from './failure-nodes';
import { byteLength, code, collapsible, escapeMarkdown, inlineHtml, preformatted, table } from './markdown';
import { hasOwnName } from './node-name';
import { mostNotable } from './notable-nodes';
import { quarantinedError, quarantinedName } from './quarantine-text';
import { failedOf, failureToRepeat, repeatAllFailed } from './reproduce-failures';
import type { NodeState, ReportFailure, ReportNode, ReportRetry, RunReport } from './run-report';
import { firstError, flakyHeadline, flakyRetries, outcomeText, tryText } from './tries-view';
import { slowestWholeFiles } from './whole-files';

/** GitHub refuses a step's summary above 1 MiB as a whole, so nothing would be shown. */
export const SUMMARY_LIMIT_BYTES = 1024 * 1024;

const nodesShown = 100;
const slowestShown = 10;
const itemsShown = 50;
const findingsShown = 100;
const flakyShown = 100;
const quarantinedShown = 50;

interface Part {
  readonly text: string;
  /** May be left out where the whole is too long. */
  readonly isFailure: boolean;
  /** What stands in its place then; nothing: it is counted. */
  readonly short?: string;
}

/**
 * @param limitBytes the longest tracebacks are left out, with a line that says so, until the whole fits.
 */
export function summaryMarkdown(report: RunReport, limitBytes: number = SUMMARY_LIMIT_BYTES): string {
  const isOld = new Set(report.base?.oldFailures ?? []);
  const failures = report.failures.map((failure, index) => failureText(report, failure, isOld.has(index)));
  const before = [titleText(report), totalsText(report), baseText(report), findingsText(report)];
  const after = [repeatAllText(report), nodesText(report), slowestText(report), factsText(report)];
  const parts: Part[] = [
    ...before.map((text) => ({ text, isFailure: false })),
    ...(failures.length + report.omitted.failures > 0 ? [{ text: failuresTitle(report), isFailure: false }] : []),
    ...failures.map((text) => ({ text, isFailure: true })),
    ...quarantineParts(report),
    ...flakyParts(report),
    ...after.map((text) => ({ text, isFailure: false })),
  ];
  return shortenTo(
    parts.filter(({ text }) => text !== ''),
    limitBytes,
  );
}

/** GitHub's longest comment has 65,536 characters. */
const COMMENT_LIMIT_BYTES = 60_000;

/**
 * The summary for a comment that later runs replace: they find it by its first line, which is not shown, and which is
 * equal in all runs of one pipeline.
 */
export function commentMarkdown(report: RunReport): string {
  const pipeline = (report.run.pipeline ?? 'default').replace(/[^\w@/.() -]+/g, '-').replace(/-{2,}/g, '-');
  const marker = `<!-- jest-distributed: ${pipeline} -->`;
  return `${marker}\n${summaryMarkdown(report, COMMENT_LIMIT_BYTES)}`;
}

/** Leaves out the longest failures first: most of them stay. */
function shortenTo(parts: readonly Part[], limitBytes: number): string {
  const separator = '\n\n';
  const sizes = parts.map(({ text }) => byteLength(text) + separator.length);
  let size = sizes.reduce((sum, bytes) => sum + bytes, 0);
  const longest = parts
    .map((_, index) => index)
    .filter((index) => parts[index]?.isFailure)
    .sort((a, b) => (sizes[b] ?? 0) - (sizes[a] ?? 0));
  const left = new Set<number>();
  // Room for the line that says so.
  const room = limitBytes - 200;
  for (const index of longest) {
    if (size <= room) break;
    left.add(index);
    size -= (sizes[index] ?? 0) - byteLength(parts[index]?.short ?? '');
  }
  const last = parts.findLastIndex(({ isFailure, short }) => isFailure && short === undefined);
  const uncounted = [...left].filter((index) => parts[index]?.short === undefined).length;
  const note = `_${countOf(uncounted, 'failure')} omitted here to stay below GitHub's limit; report.html has all._`;
  const texts = parts.flatMap(({ text, short }, index) => [
    ...(left.has(index) ? (short === undefined ? [] : [short]) : [text]),
    ...(uncounted > 0 && index === last ? [note] : []),
  ]);
  const whole = `${texts.join(separator)}\n`;
  // What is left is tables of a bounded number of rows, but names have no bound.
  return byteLength(whole) <= limitBytes
    ? whole
    : `${texts[0]}\n\n_More would be longer than GitHub accepts; see report.html._\n`;
}

function titleText({ verdict, run }: RunReport): string {
  const word = {
    passed: '✅ Passed',
    failed: '❌ Failed',
    unproven: '❌ Not proven',
  }[verdict.outcome];
  const label = run.label === null ? '' : ` (${escapeMarkdown(run.label)})`;
  const shown =
    verdict.outcome === 'failed' && verdict.headline.startsWith('Every test passed') ? [] : verdict.problems;
  return [
    `## ${word}: jest-distributed${label}`,
    `**${escapeMarkdown(verdict.headline.slice(0, 2000))}**`,
    ...(verdict.database ? [escapeMarkdown(verdict.database)] : []),
    ...(shown.length === 0 ? [] : [shown.map((text) => `- ${escapeMarkdown(text.slice(0, 2000))}`).join('\n')]),
  ].join('\n\n');
}

function totalsText({ totals, run, balance }: RunReport): string {
  const columns = ['tests', 'passed', 'failed', 'flaky', 'skipped', 'todo', 'files', 'time', 'balance'];
  const { tests, passed, failed, flaky, skipped, todo, files } = totals;
  const ratio = balance.achieved === null ? '–' : formatRatio(balance.achieved);
  return table(
    columns.map((title) => [title, 'right'] as const),
    [
      [
        ...[tests, passed, failed, flaky, skipped, todo, files].map(formatCount),
        formatDuration(run.durationMs),
        balance.planned === null ? ratio : `${ratio} (planned ${formatRatio(balance.planned)})`,
      ],
    ],
  );
}

function baseText(report: RunReport): string {
  const { base } = report;
  if (base == null) return '';
  const clauses = baseClauses(report, base);
  if (clauses.length === 0) return '';
  const line = `Compared with ${escapeMarkdown(baseName(base))}: ${escapeMarkdown(clauses.join(', '))}.`;
  const slower = slowerTexts(report, base).map((text) => `- ${escapeMarkdown(text)}`);
  const fixed = base.fixed.map(
    ({ test, ...file }) => `- ${escapeMarkdown(`${fileName(file)}${test === null ? '' : ` › ${test}`}`)}`,
  );
  return [
    line,
    ...(slower.length > 0 ? [collapsible(countOf(slower.length, 'slower file'), slower.join('\n'))] : []),
    ...(fixed.length > 0 ? [collapsible(`${formatCount(fixed.length)} fixed`, fixed.join('\n'))] : []),
  ].join('\n\n');
}

function findingsText({ verdict: { findings } }: RunReport): string {
  if (findings.length === 0) return '';
  const signs = { error: '❌', warning: '⚠️', note: 'ℹ️' };
  const folded = foldFindings(findings);
  const lines = folded.slice(0, findingsShown).map(({ finding, consequences }) => {
    const { code: name, severity, message, remedy, items } = finding;
    const effects = consequences.map(
      (one) => `<br>↳ ${escapeMarkdown(withCode(one.message.split('\n', 1).join(''), one.code))}`,
    );
    const advice = remedy === '' ? '' : `<br>${remedy.split('\n').map(adviceLine).join('<br>')}`;
    const names = items.slice(0, itemsShown).map((item) => code(item));
    const more = items.length > names.length ? ` and ${formatCount(items.length - names.length)} more` : '';
    const list = items.length > 5 ? `<br>${names.join(', ')}${more}` : '';
    return `- ${signs[severity]} ${escapeMarkdown(withCode(message, name))}${advice}${list}${effects.join('')}`;
  });
  const hidden = folded.length - lines.length;
  return ['### Proof', '', ...lines, ...(hidden > 0 ? [`- and ${formatCount(hidden)} more`] : [])].join('\n');
}

/** What is to be copied begins with blanks, which stay. */
function adviceLine(line: string): string {
  const blanks = /^ */.exec(line)?.[0].length ?? 0;
  return blanks === 0 ? escapeMarkdown(line) : `${'&nbsp;'.repeat(blanks)}${code(line.slice(blanks))}`;
}

function failuresTitle({ failures, omitted }: RunReport): string {
  const hidden = omitted.failures > 0 ? ` (${formatCount(omitted.failures)} of them are not in the report)` : '';
  return `### ${countOf(failures.length + omitted.failures, 'failure')}${hidden}`;
}

function failureText(report: RunReport, failure: ReportFailure, isOld: boolean): string {
  const { files, tests } = report;
  const { file, test, messages } = failure;
  const place = files[file];
  if (place === undefined) return '';
  const named = test === null ? undefined : tests[test];
  const title = named === undefined ? 'failed to run' : named.titles.join(' › ');
  const path = place.project === null ? place.path : `${place.project}: ${place.path}`;
  // Inside the tag of a block GitHub reads no markdown, so this is HTML alone.
  const age = report.base?.oldFailures == null ? '' : isOld ? ', failed before' : ', <b>new</b>';
  const summary = `<code>${inlineHtml(path)}</code> <b>${inlineHtml(title)}</b>, ${listNodes(failureNodes(report, failure))}${age}`;
  const own = failureToRepeat(report, failure);
  const repeat = own === null ? [] : [commandText(report, repeatTests([own], report.run.repeat))];
  return collapsible(summary, [...messages.map(preformatted), ...repeat].join('\n\n'));
}

/** For a POSIX shell: whose machine this is read on is not known. */
const commandText = ({ run }: RunReport, words: readonly string[]): string =>
  preformatted(shellText(runnerWords(words, run.runner), 'posix'));

/** Where there is one failure, its own command says it. */
function repeatAllText(report: RunReport): string {
  const failed = failedOf(report);
  const command = failed.length < 2 || report.omitted.failures > 0 ? null : repeatAllFailed(failed, report.run.repeat);
  return command === null ? '' : collapsible('Repeat all failed tests', commandText(report, command));
}

/** Each by its name and its first error. */
function quarantineParts(report: RunReport): Part[] {
  const { quarantined = [] } = report;
  if (quarantined.length === 0) return [];
  const shown = quarantined.slice(0, quarantinedShown);
  const lines = shown.map(
    (one) => `- ${inlineHtml(quarantinedName(report, one))}: <code>${inlineHtml(quarantinedError(one))}</code>`,
  );
  const hidden = quarantined.length - shown.length;
  const more = hidden > 0 ? [`- and ${formatCount(hidden)} more`] : [];
  return [
    { text: `### ${heldHeadline(quarantined.length)}`, isFailure: false },
    { text: [...lines, ...more].join('\n'), isFailure: false },
  ];
}

/** Each by its name and its first error; the rest unfolds. */
function flakyParts(report: RunReport): Part[] {
  const headline = flakyHeadline(report);
  if (headline === null) return [];
  const flaky = flakyRetries(report);
  const hidden = flaky.length - flakyShown;
  return [
    { text: `### ${escapeMarkdown(headline.replace(/^f/, 'F'))}`, isFailure: false },
    ...flaky.slice(0, flakyShown).map((retry) => flakyPart(report, retry)),
    ...(hidden > 0 ? [{ text: `and ${formatCount(hidden)} more`, isFailure: false }] : []),
  ];
}

function flakyPart(report: RunReport, retry: ReportRetry): Part {
  const { titles, tries } = retry;
  const facts = `${outcomeText(report, retry)}: ${firstError(retry)}`;
  const name = titles === null ? 'the file' : titles.join(' › ');
  const summary = `<code>${inlineHtml(fileName(retry))}</code> <b>${inlineHtml(name)}</b>, ${inlineHtml(facts)}`;
  const body = tries.flatMap((one, place) => [
    escapeMarkdown(tryText(report, one, place)),
    ...one.messages.map(preformatted),
  ]);
  return { text: collapsible(summary, body.join('\n\n')), isFailure: true, short: `- ${summary}` };
}

const stateText: Readonly<Record<NodeState, string>> = {
  complete: '',
  interrupted: 'interrupted',
  bailed: 'stopped by --bail',
  incomplete: 'cut short',
  disabled: 'switched off',
  recovered: 'from the database',
  missing: '**no report**',
};

function nodesText({ nodes }: RunReport): string {
  if (nodes.length === 0) return '';
  const shown = mostNotable(nodes, nodesShown);
  const rows = shown.map((node) => [
    hasOwnName(node) ? `${node.number}: ${escapeMarkdown(node.name ?? '')}` : String(node.number),
    node.plannedFiles === null || node.plannedFiles === node.files
      ? formatCount(node.files)
      : `${formatCount(node.files)} of ${formatCount(node.plannedFiles)}`,
    formatCount(node.tests),
    failedText(node),
    node.plannedMs === null ? '–' : formatDuration(node.plannedMs),
    node.realMs === null ? '–' : formatDuration(node.realMs),
    stateText[node.state],
  ]);
  const columns = ['node', 'files', 'tests', 'failed', 'planned', 'real'].map((title) => [title, 'right'] as const);
  const hidden = nodes.length - shown.length;
  const body = table([...columns, ['', 'left'] as const], rows);
  return collapsible(
    countOf(nodes.length, 'node'),
    hidden > 0 ? `${body}\n\nand ${countOf(hidden, 'more node')}` : body,
  );
}

function failedText({ failed, failedFiles }: ReportNode): string {
  if (failed > 0) return formatCount(failed);
  return failedFiles > 0 ? countOf(failedFiles, 'file') : '0';
}

function slowestText(report: RunReport): string {
  const { slowest, files, tests } = report;
  const fileRows = slowestWholeFiles(report, slowestShown).flatMap(({ first, durationMs, nodes }) => {
    const file = files[first];
    return file === undefined ? [] : [[formatDuration(durationMs), code(file.path), nodes.join(', ')]];
  });
  const testRows = slowest.tests.slice(0, slowestShown).flatMap((index) => {
    const test = tests[index];
    const file = test && files[test.file];
    if (test === undefined || file === undefined) return [];
    return [[formatDuration(test.durationMs ?? 0), escapeMarkdown(test.titles.join(' › ')), code(file.path)]];
  });
  if (fileRows.length === 0) return '';
  const body = [
    table(
      [
        ['time', 'right'],
        ['file', 'left'],
        ['node', 'right'],
      ],
      fileRows,
    ),
    ...(testRows.length > 0
      ? [
          table(
            [
              ['time', 'right'],
              ['test', 'left'],
              ['file', 'left'],
            ],
            testRows,
          ),
        ]
      : []),
  ];
  return collapsible('Slowest files and tests', body.join('\n\n'));
}

function factsText({ run }: RunReport): string {
  const facts = [
    `run ${code(run.id)}`,
    ...(run.attempt > 1 ? [`attempt ${run.attempt}`] : []),
    ...(run.commit === null ? [] : [`commit ${code(run.commit.slice(0, 10))}`]),
    ...(run.strategy === null ? [] : [run.strategy]),
    ...(run.packageVersion === null ? [] : [`jest-distributed ${escapeMarkdown(run.packageVersion)}`]),
    ...(run.jestVersions.length === 0 ? [] : [`Jest ${escapeMarkdown(run.jestVersions.join(', '))}`]),
    ...(run.nodeVersions.length === 0 ? [] : [`Node.js ${escapeMarkdown(run.nodeVersions.join(', '))}`]),
  ];
  return facts.join(' · ');
}
