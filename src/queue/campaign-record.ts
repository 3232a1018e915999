/** What the history keeps of a campaign of `grind`: it stands as `grind` in the detail of a result, and in its tests. */
import { isObject } from '../options/object';
import type { Json, JsonObject } from './json';

/** Of a test, or of a file as a whole. */
export interface FindingRecord extends JsonObject {
  /** `FlakyVerdict`. */
  readonly verdict: string;
  readonly failures: number;
  readonly runs: number;
  /** Of one that failed also `condition`, `interval` (`low` and `high`, shares of 1) and `command`, words. */
}

export interface CampaignRecord extends JsonObject {
  readonly seed: number;
  /** Starts of Jest in the campaign. */
  readonly probes: number;
  /** Files that were ground together, this one included. */
  readonly files: number;
  /** Of the file as a whole; null where none of its tests ran. */
  readonly whole: FindingRecord | null;
}

/** What was found of a test, or of a file as a whole. */
export interface CampaignFinding {
  /** Full name; null: the file. */
  readonly test: string | null;
  readonly verdict: string;
  /** Under what it fails; null where it never did. */
  readonly condition: string | null;
  readonly failures: number;
  readonly runs: number;
  /** Words of the command that shows it again; null where none can. */
  readonly command: readonly string[] | null;
}

/** A campaign as the history has it. */
export interface PastCampaign {
  /** Of its tests, and of the file as a whole where that failed; those that failed first. */
  readonly findings: readonly CampaignFinding[];
}

const isText = (value: unknown): value is string => typeof value === 'string';

/** Undefined where that is none: other versions, and people, may have written it. */
export function readFinding(test: string | null, value: Json | undefined): CampaignFinding | undefined {
  if (!isObject(value)) return undefined;
  const { verdict, condition, failures, runs, command } = value;
  if (!isText(verdict) || typeof failures !== 'number' || typeof runs !== 'number') return undefined;
  const words = Array.isArray(command) ? (command as readonly Json[]) : [];
  return {
    ...{ test, verdict, failures, runs },
    condition: isText(condition) ? condition : null,
    command: words.length > 0 && words.every(isText) ? (words as readonly string[]) : null,
  };
}

/** Null where a detail is not of a campaign. */
export function readCampaign(detail: JsonObject | null): PastCampaign | null {
  const tests = Array.isArray(detail?.tests) ? (detail.tests as readonly Json[]) : [];
  const found = tests.flatMap((test) => {
    if (!isObject(test) || !isText(test.name)) return [];
    return readFinding(test.name, test.grind) ?? [];
  });
  const own = isObject(detail?.grind) ? detail.grind : null;
  if (own === null && found.length === 0) return null;
  const whole = readFinding(null, own?.whole);
  const all = [...(whole !== undefined && whole.failures > 0 ? [whole] : []), ...found];
  return { findings: [...all.filter(({ failures }) => failures > 0), ...all.filter(({ failures }) => failures === 0)] };
}
