/** What a campaign found of one file, as a queue keeps it: an outcome, and a detail like that of any execution. */
import type { CampaignRecord, FindingRecord } from '../queue/campaign-record';
import type { Outcome } from '../queue/outcome';
import { type DetailSource, type DetailTest, type ResultDetail, resultDetail } from '../queue/result-detail';
import type { ClassifiedTest } from './campaign';
import { classify } from './classify';
import { type Count, quantile, sumOf, wilson } from './statistics';
import { type TestTally, totalOf } from './tally';

export interface CampaignResultInit {
  /** As the tallies name it. */
  readonly file: string;
  /** Of all files of the campaign. */
  readonly tests: readonly TestTally[];
  /** Verdicts that make a file fail. */
  readonly failOn: readonly string[];
  readonly campaign: Pick<CampaignRecord, 'seed' | 'probes' | 'files'>;
  /** Why Jest gave no results in a probe with this file; null where it always did. */
  readonly fault: string | null;
  /** Words of the command that shows a failure again; null where none can. */
  readonly commandOf: (one: ClassifiedTest) => readonly string[] | null;
  /** Gives a text the form that all checkouts have for it. */
  readonly toPortable: (text: string) => string;
}

export interface CampaignResult {
  readonly outcome: Outcome;
  /** A test of it ran. */
  readonly hasRun: boolean;
  readonly detail: ResultDetail;
}

/** What is longer names hundreds of files, and nobody types it. */
const LONGEST_COMMAND = 4000;

/** Replays are chosen because it fails there, so they say nothing of how often; where all else passed, that it fails. */
function countOf(tally: TestTally): Count {
  const total = totalOf(tally);
  return total.failures > 0 ? total : sumOf([total, ...tally.replays]);
}

function findingOf(one: ClassifiedTest, commandOf: CampaignResultInit['commandOf']): FindingRecord {
  const { failures, runs } = countOf(one.tally);
  const { verdict, condition } = one.classification;
  if (failures === 0) return { verdict, failures, runs };
  const { low, high } = wilson(failures, runs);
  const words = commandOf(one);
  const command = words !== null && words.join(' ').length <= LONGEST_COMMAND ? words : null;
  return { verdict, failures, runs, condition, interval: { low, high }, command };
}

export function campaignResult(init: CampaignResultInit): CampaignResult {
  const { file, failOn, campaign, fault, commandOf, toPortable } = init;
  const judged = init.tests
    .filter((tally) => tally.file === file)
    .map((tally): ClassifiedTest => ({ tally, classification: classify(tally) }));
  const isRed = ({ classification }: ClassifiedTest) => failOn.includes(classification.verdict);
  const wholes = judged.filter(({ tally }) => tally.name === null);
  const whole = wholes.find(({ tally }) => totalOf(tally).failures > 0) ?? wholes[0];
  const tests = judged.filter(({ tally }) => tally.name !== null);
  // Of a file that two projects have each test is there twice.
  const isOfSeveral = new Set(tests.map(({ tally }) => tally.project)).size > 1;
  const nameOf = ({ project, name }: TestTally): string =>
    isOfSeveral && project !== null ? `${project}: ${name}` : (name as string);

  /** One error of each kind, the most frequent one first. */
  const errorsOf = ({ tally }: ClassifiedTest) => tally.errors.map(({ example }) => example);
  const testResults = tests.map((one): DetailSource['testResults'][number] => ({
    fullName: nameOf(one.tally),
    status: isRed(one) ? 'failed' : 'passed',
    duration: quantile(one.tally.durationsMs, 0.5),
    failureMessages: errorsOf(one).slice(0, 1),
  }));
  const tries = tests.flatMap((one, index) => {
    const errors = isRed(one) ? errorsOf(one).slice(1) : errorsOf(one);
    // As tries they are read from the last one back.
    const earlier = errors.reverse().map((message) => ({ messages: [message], durationMs: null }));
    return earlier.length === 0 ? [] : [[index, earlier] as const];
  });
  const failure = fault ?? (whole === undefined ? null : (errorsOf(whole)[0] ?? null));
  const detail = resultDetail({ testResults, failureMessage: failure }, toPortable, new Map(tries));
  const record: CampaignRecord = { ...campaign, whole: whole === undefined ? null : findingOf(whole, commandOf) };
  return {
    outcome: fault !== null || judged.some(isRed) ? 'failed' : 'passed',
    hasRun: tests.some(({ tally }) => countOf(tally).runs > 0),
    detail: {
      ...detail,
      tests: detail.tests.map((test, index): DetailTest => {
        return { ...test, grind: findingOf(tests[index] as ClassifiedTest, commandOf) };
      }),
      grind: record,
    },
  };
}
