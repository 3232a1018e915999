/** `quarantine add`, `list`, `check` and `remove`: the file of tests whose failure does not decide. */
import path from 'node:path';
import { DistributedError, withCode } from '../../errors';
import { shownPath } from '../../files/folders';
import { loadOptions } from '../../files/load-options';
import { isPlainFile } from '../../files/plain-file';
import { readQuarantineFile, readQuarantineRecord, writeQuarantineFile } from '../../files/quarantine-file';
import { stderrTerminal, stdoutTerminal } from '../../files/standard-terminals';
import { proveQuarantine } from '../../flaky/prove-quarantine';
import {
  addDays,
  dayOf,
  entryName,
  isExpired,
  QUARANTINE_FILE,
  type Quarantine,
  type QuarantineEntry,
  readQuarantine,
} from '../../flaky/quarantine';
import {
  type PastOutcome,
  type QuarantineRecord,
  recordOf,
  type Standing,
  standingsOf,
} from '../../flaky/quarantine-record';
import { defaultTimings } from '../../jest/planning/timings-source';
import { type Flags, pickFlags } from '../../options/flags';
import type { Options } from '../../options/resolve';
import { createHistory } from '../../postgres/history';
import { noticeLines } from '../../reports/node/share-lines';
import { countOf } from '../../reports/terminal/format';
import { alignRows, type Column, cell } from '../../reports/terminal/table';
import { colorsOf } from '../../reports/terminal/terminal';
import { printable } from '../../reports/terminal/text-width';
import type { Arguments, Command } from '../command-line/command';
import { DATABASE_OPTIONS, withDatabase } from '../database/database-session';

/** Days that an entry lasts where nobody says more. */
const DEFAULT_DAYS = 14;

interface OpenQuarantine {
  readonly projectDir: string;
  readonly quarantine: Quarantine;
  readonly problems: readonly string[];
  readonly standings: readonly Standing[];
  readonly today: string;
}

/** Rows of one test that are read at most. */
const MOST_ROWS = 1_000;

/** What the queue's database remembers of the tests: more than the record of one checkout. */
async function historyOf(quarantine: Quarantine, options: Options): Promise<QuarantineRecord> {
  return withDatabase(options, {}, async ({ client, schema }) => {
    const history = createHistory(client, schema);
    const rows = new Map<QuarantineEntry, readonly PastOutcome[]>();
    for (const entry of quarantine.tests) {
      const found = await history.executions(entry.test, { limit: MOST_ROWS });
      const own = found.filter(({ test }) => test === entry.test);
      rows.set(
        entry,
        own.map(({ runId, file, outcome, finishedAt }) => ({
          ...{ runId, file: file.path, project: file.project, outcome, finishedAt },
        })),
      );
    }
    return recordOf(quarantine, (entry) => rows.get(entry) ?? []);
  });
}

async function openQuarantine(argv: Arguments, asksHistory = false): Promise<OpenQuarantine> {
  const { options, folders } = await loadOptions({
    flags: pickFlags(argv, ['timings', 'databaseUrl', 'databaseSchema']),
    environment: process.env,
    rootDir: null,
  });
  const { projectDir } = folders;
  const nowMs = Date.now();
  const { quarantine, problems } = readQuarantineFile(projectDir, nowMs);
  const store = options.timings?.value ?? defaultTimings(folders);
  const hasHistory = asksHistory && options.databaseUrl !== undefined;
  const record = hasHistory ? await historyOf(quarantine, options) : readQuarantineRecord(store);
  return { projectDir, quarantine, problems, standings: standingsOf(quarantine, record), today: dayOf(nowMs) };
}

const say = (text: string | readonly string[]): boolean =>
  process.stderr.write(`${noticeLines(text, stderrTerminal()).join('\n')}\n`);

/** As the file names it, from a path that was typed here. */
const fileOf = (projectDir: string, given: unknown): string =>
  path
    .relative(projectDir, path.resolve(String(given)))
    .split(path.sep)
    .join('/');

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function daysOf(argv: Arguments): number {
  const days = Number(argv.days ?? DEFAULT_DAYS);
  if (Number.isInteger(days) && days >= 1) return days;
  throw new DistributedError({
    code: 'QUARANTINE_DAYS_INVALID',
    message: `The number of days is "${String(argv.days)}" (from --days).`,
    remedy: 'Give a whole number, 1 or more.',
  });
}

/** @throws DistributedError `QUARANTINE_INVALID`: a file that is wrong already is not written. */
function requireSound({ problems }: OpenQuarantine): void {
  if (problems.length === 0) return;
  throw new DistributedError({
    code: 'QUARANTINE_INVALID',
    message: `${QUARANTINE_FILE} is wrong:${problems.map((text) => `\n    ${text}`).join('')}`,
    remedy: 'Correct it first.',
  });
}

async function add(argv: Arguments): Promise<number> {
  const open = await openQuarantine(argv);
  requireSound(open);
  const { projectDir, quarantine, today } = open;
  const file = fileOf(projectDir, argv.file);
  if (!isPlainFile(path.join(projectDir, file))) {
    throw new DistributedError({
      code: 'FILE_UNKNOWN',
      message: `There is no file ${String(argv.file)}.`,
      remedy: 'Give the path of the test file from here.',
    });
  }
  const { owner, reason, issue, project } = argv;
  const entry: QuarantineEntry = {
    file,
    ...(typeof project === 'string' && { project }),
    test: String(argv.test),
    owner: String(owner),
    reason: String(reason),
    since: today,
    until: textOf(argv.until) ?? addDays(today, daysOf(argv)),
    ...(typeof issue === 'string' && { issue }),
  };
  const tests = [...quarantine.tests, entry];
  const { problems } = readQuarantine({ ...quarantine, tests }, today);
  if (problems.length > 0) {
    throw new DistributedError({
      code: 'QUARANTINE_INVALID',
      message: `The entry would make ${QUARANTINE_FILE} wrong:${problems.map((text) => `\n    ${text}`).join('')}`,
      remedy: 'Correct what is given, or remove an entry first.',
    });
  }
  writeQuarantineFile(projectDir, { ...quarantine, tests });
  say(
    `${entryName(entry)} is in quarantine until ${entry.until}. Commit ${shownPath(path.join(projectDir, QUARANTINE_FILE))}.`,
  );
  return 0;
}

async function remove(argv: Arguments): Promise<number> {
  const { projectDir, quarantine, problems } = await openQuarantine(argv);
  // Damaged entries are not among those that were read, and would be lost.
  if (problems.some((text) => !/more than its cap/.test(text))) requireSound({ problems } as OpenQuarantine);
  const { project, test } = argv;
  // A path that is typed may also be the one that the file has, also where that file is gone.
  const names = new Set([fileOf(projectDir, argv.file), String(argv.file)]);
  const found = quarantine.tests.filter(
    (entry) => names.has(entry.file) && entry.test === test && (project === undefined || entry.project === project),
  );
  // Without a project the entry that names none is meant, where there is one.
  const plain = found.filter((entry) => entry.project === undefined);
  const [entry, ...others] = project === undefined && plain.length > 0 ? plain : found;
  if (others.length > 0) {
    throw new DistributedError({
      code: 'QUARANTINE_ENTRY_UNKNOWN',
      message: `${String(argv.file)}: ${String(test)} is in quarantine in several projects: ${found.map((one) => one.project).join(', ')}.`,
      remedy: 'Give one of them with --project.',
    });
  }
  if (entry === undefined) {
    throw new DistributedError({
      code: 'QUARANTINE_ENTRY_UNKNOWN',
      message: `${String(argv.file)}: ${String(test)} is not in quarantine.`,
      remedy: 'See: npx jest-distributed quarantine list',
    });
  }
  writeQuarantineFile(projectDir, { ...quarantine, tests: quarantine.tests.filter((one) => one !== entry) });
  say(`${entryName(entry)} is out of quarantine.`);
  return 0;
}

function standingText({ entry, runs, failed, isBroken, passesInARow }: Standing, today: string): string {
  if (isExpired(entry, today)) return 'expired';
  if (isBroken) return 'broken';
  if (runs === 0) return 'no run';
  return passesInARow === runs ? `passed ${runs}` : `failed ${failed} of ${runs}`;
}

async function list(argv: Arguments): Promise<number> {
  const { quarantine, standings, today } = await openQuarantine(argv, true);
  if (argv.json === true) {
    const rows = standings.map(({ entry, ...standing }) => ({
      ...entry,
      expired: isExpired(entry, today),
      ...standing,
    }));
    process.stdout.write(
      `${JSON.stringify({ cap: quarantine.cap, report: quarantine.report, tests: rows }, null, 2)}\n`,
    );
    return 0;
  }
  const terminal = stdoutTerminal();
  const { red } = colorsOf(terminal);
  const columns: Column[] = ['until', 'owner', 'runs'].map((title) => ({ title, align: 'left' }));
  const rows = standings.map((standing) => {
    const { entry } = standing;
    const paint = isExpired(entry, today) || standing.isBroken ? red : undefined;
    const { reason, issue } = entry;
    return {
      cells: [cell(entry.until, paint), cell(printable(entry.owner)), cell(standingText(standing, today), paint)],
      rest: () => cell(printable(`${entryName(entry)} (${reason}${issue === undefined ? '' : `, ${issue}`})`)),
    };
  });
  const lines = rows.length === 0 ? ['Nothing is in quarantine.'] : alignRows(columns, rows, terminal);
  process.stdout.write(`${lines.join('\n')}\n`);
  return 0;
}

async function check(argv: Arguments): Promise<number> {
  const { projectDir, quarantine, problems, standings, today } = await openQuarantine(argv, true);
  const sights = quarantine.tests.map((entry) => ({
    ...{
      entry,
      isFileThere: isPlainFile(path.join(projectDir, entry.file)),
      hasFileRun: false,
      fileUnrun: null,
      statuses: [],
    },
  }));
  const findings = proveQuarantine(sights, standings, today);
  for (const text of problems) say(`error: ${QUARANTINE_FILE}: ${text}`);
  for (const { severity, message, code, remedy } of findings) say([`${severity}: ${withCode(message, code)}`, remedy]);
  const errors = problems.length + findings.filter(({ severity }) => severity === 'error').length;
  if (errors > 0) return 1;
  say(`${countOf(quarantine.tests.length, 'test')} in quarantine, of at most ${quarantine.cap}`);
  return 0;
}

const TIMINGS: Flags = {
  timings: { value: '<file>', describe: 'The timings file; what is recorded of the quarantine lies beside it' },
};

const TEST_FLAGS: Flags = {
  test: { value: '<name>', describe: 'Full name of the test', isRequired: true },
  project: { value: '<name>', describe: 'Project of the Jest config, where several have the file' },
};

const FILE = { name: 'file', isRequired: true, describe: 'the test file' } as const;

export const quarantineCommands: readonly Command[] = [
  {
    name: 'quarantine add',
    describe: 'Let the failure of a flaky test not decide, until a day',
    positional: FILE,
    flags: {
      ...TEST_FLAGS,
      owner: { value: '<name>', describe: 'Who corrects it', isRequired: true },
      reason: { value: '<text>', describe: 'What is known of it', isRequired: true },
      issue: { value: '<address>', describe: 'Where it is worked on' },
      until: { value: '<day>', describe: 'Last day, as 2026-12-10', excludes: 'days' },
      days: { value: '<number>', describe: 'Or how long', defaultText: String(DEFAULT_DAYS) },
    },
    examples: [['quarantine add a.test.js --test x --owner me --reason TZ', 'for two weeks']],
    execute: add,
  },
  {
    name: 'quarantine list',
    describe: 'Show what is in quarantine, until when, and how it does',
    flags: { json: { value: null, describe: 'For programs' }, ...TIMINGS },
    examples: [['quarantine list', 'with owner, reason and record']],
    options: DATABASE_OPTIONS,
    execute: list,
  },
  {
    name: 'quarantine check',
    describe: 'Fail where an entry is expired, broken, wrong or about a file that is gone',
    flags: TIMINGS,
    examples: [['quarantine check', 'as a step of its own in the CI']],
    options: DATABASE_OPTIONS,
    execute: check,
  },
  {
    name: 'quarantine remove',
    describe: 'Take a test out of quarantine',
    positional: FILE,
    flags: TEST_FLAGS,
    examples: [['quarantine remove src/cart.test.js --test "cart adds"', 'its failure decides again']],
    execute: remove,
  },
];
