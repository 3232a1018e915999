import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { toPortable } from '../../blob/portable-paths';
import { DistributedError } from '../../errors';
import { findFolders, shownPath } from '../../files/folders';
import { unreadableText } from '../../files/fs-error-text';
import { loadOptions } from '../../files/load-options';
import { stdoutTerminal } from '../../files/standard-terminals';
import { readTimingsFile, writeTimingsFile } from '../../files/timings-file';
import { listTestFiles, type TestFileList } from '../../jest/host/list-test-files';
import { DEFAULT_TIMINGS_PATH, defaultTimings } from '../../jest/planning/timings-source';
import type { Flag } from '../../options/flags';
import { timingsTable } from '../../reports/plan/timings-table';
import { countOf } from '../../reports/terminal/format';
import { explainUnmatched, type ImportedDurations, type ReportToImport } from '../../timings/import';
import { importJestJson } from '../../timings/import-jest-json';
import { importJunit, junitPathRemedy } from '../../timings/import-junit';
import { emptyTimings, type Timings } from '../../timings/timings';
import { type FileDuration, foldDurations, pruneTimings } from '../../timings/update';
import { type Arguments, type Command, jestArguments } from '../command-line/command';

interface Store {
  /** Absolute. */
  readonly file: string;
  readonly timings: Timings | undefined;
}

async function openStore(argv: Arguments, rootDir: string | null, mustExist: boolean): Promise<Store> {
  const flags = { timings: argv.timings };
  const { options, folders } = await loadOptions({ flags, environment: process.env, rootDir });
  const file = options.timings?.value ?? defaultTimings(folders);
  const timings = await readTimingsFile(file, mustExist ? (options.timings?.source ?? 'the default') : undefined);
  return { file, timings };
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new DistributedError({
      code: 'REPORT_UNREADABLE',
      message: `${file} ${unreadableText(cause)}.`,
      remedy: 'Name a file that Jest wrote with --json --outputFile, or a JUnit XML report.',
      cause,
    });
  }
}

const say = (text: string): boolean => process.stderr.write(`jest-distributed: ${text}\n`);

async function show(argv: Arguments): Promise<void> {
  const { timings = emptyTimings } = await openStore(argv, null, true);
  const terminal = stdoutTerminal();
  const limit = Number(argv.top);
  if (!Number.isInteger(limit) || limit < 1) {
    throw new DistributedError({
      code: 'TOP_INVALID',
      message: `The number of files to show is "${String(argv.top)}" (from --top).`,
      remedy: 'Give a whole number, 1 or more.',
    });
  }
  process.stdout.write(`${timingsTable(timings, terminal, { limit }).join('\n')}\n`);
}

const MOST_NAMED = 5;

function importReport(report: ReportToImport): ImportedDurations {
  return report.text.trimStart().startsWith('<') ? importJunit(report) : importJestJson(report);
}

function reportUnmatched(source: string, { unmatched }: ImportedDurations): void {
  if (unmatched.length === 0) return;
  say(`${countOf(unmatched.length, 'entry', 'entries')} of ${source} gave no duration:`);
  for (const entry of unmatched.slice(0, MOST_NAMED)) {
    process.stderr.write(`  ${entry.name}: ${explainUnmatched(entry)}\n`);
  }
  if (unmatched.length > MOST_NAMED) process.stderr.write(`  and ${unmatched.length - MOST_NAMED} more\n`);
  if (unmatched.some(({ reason }) => reason === 'no-path')) process.stderr.write(`  ${junitPathRemedy}\n`);
}

/** @throws DistributedError where a report holds no duration of any file here: it is the wrong report. */
async function importReports(argv: Arguments): Promise<void> {
  const collected = await listTestFiles(process.cwd(), jestArguments(argv));
  const store = await openStore(argv, collected.root, false);
  const known = collected.files.map((file, index) => ({ file, location: collected.rootPaths[index] as string }));
  let timings = store.timings ?? emptyTimings;
  for (const source of argv.reports as string[]) {
    const root = typeof argv.checkout === 'string' ? argv.checkout : undefined;
    const imported = importReport({ text: await readText(source), source, known, root });
    reportUnmatched(source, imported);
    if (imported.durations.length === 0) {
      throw new DistributedError({
        code: 'IMPORT_EMPTY',
        message: `The report ${source} has no duration of any of the ${known.length} test files here.`,
        remedy: imported.unmatched.some(({ reason }) => reason === 'no-path')
          ? 'Import a report of this project that says which file each test is of.'
          : 'Import a report of this project; where it was written in another folder, name that with --checkout.',
      });
    }
    timings = foldDurations(timings, withPortableNames(imported.durations, root, collected.root));
    say(`${countOf(imported.durations.length, 'duration')} from ${source}`);
  }
  await save(store.file, timings);
}

/** Titles may hold the path of the checkout where the report was written. */
function withPortableNames(
  durations: readonly FileDuration[],
  checkout: string | undefined,
  rootDir: string,
): FileDuration[] {
  const folders = findFolders(rootDir);
  const toName = checkout === undefined ? toPortable(rootDir, folders.repositoryDir) : toPortable(checkout);
  return durations.map((duration) => ({
    ...duration,
    ...(duration.tests && { tests: duration.tests.map((test) => ({ ...test, name: toName(test.name) })) }),
  }));
}

async function save(file: string, timings: Timings): Promise<void> {
  const change = await writeTimingsFile(file, timings);
  say(`${shownPath(file)} ${change}, ${countOf(timings.files.size, 'file')} known`);
}

function durationsIn(timings: Timings): FileDuration[] {
  return [...timings.files.values()].flatMap((file) =>
    file.durationMs === null
      ? []
      : {
          project: file.project,
          path: file.path,
          durationMs: file.durationMs,
          tests: [...file.tests()].map(([name, durationMs]) => ({ name, durationMs })),
          ok: true,
        },
  );
}

async function merge(argv: Arguments): Promise<void> {
  const store = await openStore(argv, null, false);
  let timings = store.timings ?? emptyTimings;
  for (const file of argv.stores as string[]) {
    const other = await readTimingsFile(path.resolve(file), 'the command line');
    if (other !== undefined) {
      timings = foldDurations(timings, durationsIn(other), { workers: timings.workers ?? other.workers });
    }
  }
  await save(store.file, timings);
}

async function prune(argv: Arguments): Promise<void> {
  const collected: TestFileList = await listTestFiles(process.cwd(), jestArguments(argv));
  if (collected.isFiltered) {
    throw new DistributedError({
      code: 'PRUNE_FILTERED',
      message: 'The Jest arguments leave test files out, and pruning would remove those.',
      remedy: 'Prune without path patterns, --selectProjects and the like.',
    });
  }
  const store = await openStore(argv, collected.root, true);
  const { timings, pruned } = pruneTimings(store.timings ?? emptyTimings, collected.files);
  say(`${countOf(pruned.length, 'file')} removed`);
  await save(store.file, timings);
}

const STORE: Flag = { value: '<file>', describe: 'The timings file', defaultText: DEFAULT_TIMINGS_PATH };

const done = (work: (argv: Arguments) => Promise<void>) => async (argv: Arguments) => {
  await work(argv);
  return 0;
};

/** `timings show|import|merge|prune`. */
export const timingsCommands: readonly Command[] = [
  {
    name: 'timings show',
    describe: 'The slowest files and tests',
    flags: {
      top: { value: '<number>', default: '10', describe: 'Number of files, and of tests, to show' },
      timings: STORE,
    },
    examples: [['timings show --top 20', 'the 20 slowest files and the 20 slowest tests']],
    execute: done(show),
  },
  {
    name: 'timings import',
    describe: "Durations from Jest's --json output or JUnit XML",
    positional: { name: 'reports', isList: true, isRequired: true, describe: 'report files' },
    flags: {
      checkout: { value: '<folder>', describe: 'Folder of the checkout where the reports were written' },
      timings: STORE,
    },
    takesJestArguments: true,
    examples: [['timings import results.json junit.xml', 'start with existing durations']],
    execute: done(importReports),
  },
  {
    name: 'timings merge',
    describe: 'Merge other timings files into this one',
    positional: { name: 'stores', isList: true, isRequired: true, describe: 'timings files' },
    flags: { timings: STORE },
    examples: [['timings merge artifacts/*/timings.json', 'timings of several machines into one']],
    execute: done(merge),
  },
  {
    name: 'timings prune',
    describe: 'Remove files that Jest no longer finds',
    flags: { timings: STORE },
    takesJestArguments: true,
    examples: [['timings prune', 'after files were renamed or deleted']],
    execute: done(prune),
  },
];
