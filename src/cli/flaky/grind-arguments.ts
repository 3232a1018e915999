/** What the command line says of a campaign. */
import { availableParallelism } from 'node:os';
import { DistributedError } from '../../errors';
import { VERDICTS } from '../../flaky/classify';
import { CONDITIONS, type Condition } from '../../flaky/probe';
import { isSeed } from '../../flaky/shuffle';
import type { Count } from '../../flaky/statistics';
import { type Arguments, jestArguments } from '../command-line/command';

export const DEFAULT_TIMES = 20;

function invalid(flag: string, value: unknown, remedy: string): DistributedError {
  return new DistributedError({
    code: 'GRIND_OPTION_INVALID',
    message: `--${flag} is "${String(value)}".`,
    remedy,
  });
}

function wholeNumber(argv: Arguments, flag: string, ifAbsent: number): number {
  if (argv[flag] === undefined) return ifAbsent;
  const value = Number(argv[flag]);
  if (Number.isInteger(value) && value >= 1) return value;
  throw invalid(flag, argv[flag], 'Give a whole number, 1 or more.');
}

function seedFrom(argv: Arguments): number {
  if (argv.seed === undefined) return Math.floor(Math.random() * 2 ** 31);
  const seed = Number(argv.seed);
  if (isSeed(seed)) return seed;
  throw invalid('seed', argv.seed, 'Give a whole number below 4294967296, as one was printed.');
}

function listOf<T extends string>(
  argv: Arguments,
  flag: string,
  known: readonly T[],
  ifAbsent: readonly T[],
): readonly T[] {
  const given = argv[flag];
  if (given === undefined) return ifAbsent;
  const words = String(given)
    .split(',')
    .map((word) => word.trim());
  const wrong = words.find((word) => !known.includes(word as T));
  if (wrong === undefined) return words as T[];
  throw invalid(flag, given, `Give some of ${known.join(',')}.`);
}

const FAILING = VERDICTS.filter((verdict) => verdict !== 'NOT-REPRODUCED');
const FAIL_ON = [...FAILING, 'none'] as const;

/** Milliseconds until the end; null: as long as the probes take. */
function limitOf(argv: Arguments): number | null {
  if (argv.minutes === undefined) return null;
  const minutes = Number(argv.minutes);
  if (minutes > 0 && Number.isFinite(minutes)) return minutes * 60_000;
  throw invalid('minutes', argv.minutes, 'Give a number above 0.');
}

/** `3/40`: how often it failed before the fix. */
function parseWas(given: unknown): Count {
  const [, failures = 0, runs = 0] = /^(\d+)\/(\d+)$/.exec(String(given))?.map(Number) ?? [];
  if (failures >= 1 && failures <= runs) return { failures, runs };
  throw invalid('was', given, 'Give failures and runs as grind printed them: --was 3/40');
}

/** Processes that keep the machine busy: so many that a test gets a small part of a core, on a busy machine too. */
export const LOAD = 6 * availableParallelism();

export interface GrindArguments {
  /** What follows `--`. */
  readonly jestArgs: readonly string[];
  readonly seed: number;
  /** Probes of each condition; with `--in-order` of the order. */
  readonly times: number;
  /** Workers where files run beside each other. */
  readonly workers: number;
  readonly conditions: readonly Condition[];
  /** Verdicts that make the command red. */
  readonly failOn: readonly string[];
  /** Null: as long as the probes take. */
  readonly limitMs: number | null;
  /** Goes on until the time is over, or somebody stops it. */
  readonly isTimed: boolean;
  /** The files as they are given, in one probe. */
  readonly isInOrder: boolean;
  /** How often it failed before the fix that is verified; null where none is. */
  readonly was: Count | null;
}

/** @throws DistributedError `GRIND_OPTION_INVALID`. */
export function readGrindArguments(argv: Arguments): GrindArguments {
  const limitMs = limitOf(argv);
  const isTimed = limitMs !== null || argv.forever === true;
  const isInOrder = argv.inOrder === true;
  return {
    ...{ jestArgs: jestArguments(argv), limitMs, isTimed, isInOrder },
    failOn: listOf<string>(argv, 'fail-on', FAIL_ON, FAILING),
    seed: seedFrom(argv),
    times: wholeNumber(argv, 'times', isInOrder ? (isTimed ? Number.MAX_SAFE_INTEGER : 1) : DEFAULT_TIMES),
    workers: wholeNumber(argv, 'workers', isInOrder ? 1 : Math.max(4, availableParallelism())),
    conditions: listOf(argv, 'condition', CONDITIONS, CONDITIONS),
    was: argv.was === undefined ? null : parseWas(argv.was),
  };
}
