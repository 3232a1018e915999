/** What `grind` prints at its end: each flaky test with its counts, its verdict and the command that repeats it. */
import type { CampaignOutcome, ClassifiedTest } from '../../flaky/campaign';
import type { Classification, FlakyVerdict } from '../../flaky/classify';
import type { HostCount } from '../../flaky/host-counts';
import { CONDITIONS, type Condition, type ProbedTest } from '../../flaky/probe';
import { type Count, quantile, wilson } from '../../flaky/statistics';
import { type Replay, replayOf, totalOf } from '../../flaky/tally';
import { fileName } from '../../plan/item';
import { probeCommand } from '../../shell/probe-command';
import { repeatLines } from '../terminal/command-lines';
import { countOf, formatCount, formatDuration } from '../terminal/format';
import { labelledLines } from '../terminal/labelled-lines';
import { colorsOf, type Terminal } from '../terminal/terminal';
import { printable, wrapText } from '../terminal/text-width';

/** Hosts by the names that a person gave. */
export interface GrindHosts {
  readonly named: readonly string[];
  /** Those that ran anything. */
  readonly used: readonly string[];
  readonly countsOf: (test: ProbedTest) => readonly HostCount[];
}

export interface GrindView {
  readonly outcome: CampaignOutcome;
  readonly seed: number;
  readonly durationMs: number;
  /** What follows `--`. */
  readonly jestArgs: readonly string[];
  /** Null: this machine alone. */
  readonly hosts: GrindHosts | null;
}

const MEANING: Readonly<Record<FlakyVerdict, string>> = {
  GENUINE: 'fails at times by itself',
  'ORDER-DEPENDENT': 'fails or passes because of what ran before it',
  CONTENTION: 'fails because of what runs at the same time',
  BROKEN: 'never passed',
  UNDECIDED: 'failed, and too few runs say why',
  'NOT-COMPARED': 'never ran alone, so its kind is not known',
  'NOT-REPRODUCED': 'never failed',
};

export const CONDITION_TEXT: Readonly<Record<Condition, string>> = {
  alone: 'alone',
  shuffled: 'its tests shuffled',
  sequence: 'after other files',
  beside: 'beside other files',
  load: 'under load',
};

/** `12 %`; of a small share one digit more. */
export function shareText(share: number): string {
  const percent = share * 100;
  const digits = percent > 0 && percent < 10 ? 1 : 0;
  return `${percent.toFixed(digits).replace(/\.0$/, '')} %`;
}

/** `3 of 20 (15 %, 5.2 % to 36 %)`. */
export function countText({ failures, runs }: Count): string {
  if (runs === 0) return 'no run';
  const { low, high } = wilson(failures, runs);
  return `${formatCount(failures)} of ${formatCount(runs)} failed (${shareText(failures / runs)}, 95 % sure: ${shareText(low)} to ${shareText(high)})`;
}

/** Often enough that it fails once in nineteen of twenty times. */
function timesFor({ failures, runs }: Count): number {
  if (runs === 0 || failures === runs) return 1;
  const share = failures / runs;
  return Math.min(100, Math.max(2, Math.ceil(Math.log(0.05) / Math.log(1 - share))));
}

/** The replay that the verdict stands on; undefined where it stands on other probes. */
const decidingReplay = ({ tally, classification: { spec } }: ClassifiedTest): Replay | undefined =>
  spec === null ? undefined : replayOf(tally, spec);

/** The command that shows the failure again; null where nothing failed, or no command can say it. */
export function repeatCommand(one: ClassifiedTest, jestArgs: readonly string[]): readonly string[] | null {
  const { tally, classification } = one;
  const { spec, condition } = classification;
  if (spec === null || condition === null) return null;
  // Files together are given in an order, and with nothing else.
  if (spec.files.length > 1 && (spec.randomizeSeed !== null || spec.load > 0)) return null;
  // Its own name alone would be another order.
  const isWhole = condition === 'shuffled' || condition === 'sequence' || condition === 'beside' || tally.name === null;
  const times =
    condition === 'shuffled' || condition === 'sequence' ? 1 : timesFor(decidingReplay(one) ?? tally.counts[condition]);
  return probeCommand(spec, isWhole ? spec.tests : [tally.name as string], jestArgs, times);
}

const openText = ({ rival, runsNeeded }: Classification): string => {
  const needed = runsNeeded === null ? '' : `: ${countOf(runsNeeded, 'more pass', 'more passes')} alone would say`;
  return rival === null ? '' : `; GENUINE or ${rival}${needed}`;
};

const verdictText = (classification: Classification): string => {
  const { verdict, condition, chance } = classification;
  const where = condition === null ? '' : `: ${CONDITION_TEXT[condition]}`;
  const sure =
    chance === null || chance >= 0.01
      ? ''
      : `; by chance once in ${formatCount(Math.min(1e9, Math.round(1 / Math.max(chance, 1e-12))))}`;
  return `${verdict}, ${MEANING[verdict]}${where}${sure}${verdict === 'UNDECIDED' ? openText(classification) : ''}`;
};

interface NamedTest {
  readonly project?: string | null;
  readonly file: string;
  readonly name: string | null;
}

export function testName({ project = null, file, name }: NamedTest): string {
  const own = fileName({ project, path: file });
  return name === null ? `${own} (the file as a whole)` : `${own}: ${name}`;
}

/** `0 of 12 failed on ada, 8 of 9 on bob`; of one host alone nothing. */
function hostCountsText(counts: readonly HostCount[]): string | null {
  if (counts.length < 2) return null;
  return counts
    .map(({ host, failures, runs }, index) => {
      const count = `${formatCount(failures)} of ${formatCount(runs)}`;
      return `${count}${index === 0 ? ' failed' : ''} on ${host}`;
    })
    .join(', ');
}

function testLines(one: ClassifiedTest, { jestArgs, hosts }: GrindView, terminal: Terminal): string[] {
  const { tally, classification } = one;
  const { bold, red } = colorsOf(terminal);
  const median = quantile(tally.durationsMs, 0.5);
  const slow = quantile(tally.durationsMs, 0.95);
  const rows = CONDITIONS.filter((condition) => tally.counts[condition].runs > 0).map(
    (condition) => [condition, countText(tally.counts[condition])] as const,
  );
  const replay = decidingReplay(one);
  const again =
    replay === undefined ? [] : [['again', `${CONDITION_TEXT[replay.spec.condition]}, ${countText(replay)}`] as const];
  const errors = tally.errors
    .slice(0, 3)
    .map(({ line, count }, index) => [index === 0 ? 'errors' : '', printable(`${count} x ${line}`)] as const);
  const time =
    median === null || slow === null
      ? []
      : [['passes', `median ${formatDuration(median)}, 95 % below ${formatDuration(slow)}`] as const];
  const onHosts = hosts === null ? null : hostCountsText(hosts.countsOf(tally));
  const where = onHosts === null ? [] : [['hosts', onHosts] as const];
  const command = repeatCommand(one, jestArgs);
  return [
    ...wrapText(printable(testName(tally)), terminal.columns, { others: '  ' }).map(bold),
    ...labelledLines([['verdict', verdictText(classification)]], terminal, '  ').map(red),
    ...labelledLines([...rows, ...again, ...where, ...time, ...errors], terminal, '  '),
    ...(command === null ? [] : repeatLines([{ what: 'it', words: command }], terminal)),
  ];
}

function hostsText({ named, used }: GrindHosts): string {
  const all = countOf(named.length, 'host');
  return used.length === named.length ? ` on ${all}` : ` on ${used.length} of ${all}`;
}

/** One sentence that holds the whole. */
function grindHeadline({ outcome, seed, durationMs, hosts }: GrindView): string {
  const { flaky, clean, probes } = outcome;
  const what =
    flaky.length > 0
      ? `${countOf(flaky.length, 'test')} failed at least once, ${countOf(clean, 'test')} did not fail`
      : clean > 0
        ? `no test failed (${countOf(clean, 'test')})`
        : 'no test ran';
  const where = hosts === null ? '' : hostsText(hosts);
  return `${countOf(probes, 'run')} of Jest${where} in ${formatDuration(durationMs)} with seed ${seed}: ${what}`;
}

export function grindLines(view: GrindView, terminal: Terminal): string[] {
  const { outcome } = view;
  const sorted = [...outcome.flaky].sort((a, b) => totalOf(b.tally).failures - totalOf(a.tally).failures);
  return [
    ...sorted.flatMap((one) => [...testLines(one, view, terminal), '']),
    ...outcome.faults.flatMap((fault) =>
      wrapText(`Jest gave no results: ${printable(fault.split('\n')[0] ?? '')}`, terminal.columns, { others: '  ' }),
    ),
    ...wrapText(`jest-distributed: ${grindHeadline(view)}`, terminal.columns, { others: '  ' }),
  ];
}
