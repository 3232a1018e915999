import { rm } from 'node:fs/promises';
import path from 'node:path';
import { DistributedError } from '../../errors';
import { loadOptions } from '../../files/load-options';
import type { GatheredRun } from '../../files/load-run';
import { compareOwnCheckout } from '../../files/own-checkout';
import { readRootDir } from '../../jest/host/root-dir';
import { DEFAULT_TIMINGS_PATH, defaultTimings } from '../../jest/planning/timings-source';
import { pickFlags } from '../../options/flags';
import type { Options } from '../../options/resolve';
import type { Finding } from '../../proof/finding';
import { findLastingCause } from '../../proof/finding-order';
import { withFindings } from '../../proof/proof';
import { type Arguments, type Command, jestArguments } from '../command-line/command';
import { DATABASE_OPTIONS } from '../database/database-session';
import { findBaseInHistory } from '../merging/base-in-history';
import {
  BLOB_FOLDERS,
  blobExpectations,
  blobPlaces,
  EXPECT_NODES,
  namesRoot,
  READING_OPTIONS,
} from '../merging/blob-flags';
import { concludeRun } from '../merging/finish-merge';
import { writeJsonLines } from '../merging/json-lines';
import { DEFAULT_PAGE_PATH } from '../merging/merge-outputs';
import { gatherWithDatabase } from '../merging/recover-results';
import { runMissing } from '../merging/run-missing';
import { compareWithDatabase } from '../merging/verify-with-queue';

/** The proof goes on without it, for its report; it is red for the same cause. */
function refuseRunMissing({ message, remedy }: Finding): void {
  const { stack } = new DistributedError({
    code: 'RUN_MISSING_REFUSED',
    message: `--run-missing ran nothing, because it cannot correct this: ${message}`,
    remedy,
  });
  process.stderr.write(`${stack}\n`);
}

/** As they were typed, with what variables said; no URL of a database, which may hold a password. */
function mergeFlags({ expectNodes, html, summaryFile, jsonl, timings }: Arguments, options: Options) {
  const { label, runId } = options;
  return {
    'expect-nodes': expectNodes,
    label: label?.value,
    'run-id': runId?.value,
    html,
    'summary-file': summaryFile,
    jsonl,
    timings,
  };
}

async function merge(argv: Arguments): Promise<number> {
  const jestArgs = jestArguments(argv);
  const { options, folders } = await loadOptions({
    flags: pickFlags(argv, [...READING_OPTIONS, 'timings', 'databaseUrl', 'databaseSchema']),
    environment: process.env,
    rootDir: await readRootDir(process.cwd(), jestArgs),
  });
  const places = blobPlaces(argv, options);
  const expectations = await blobExpectations(argv, {
    ...{ options, folders, environment: process.env, namesRoot: namesRoot(jestArgs) },
  });
  const gathered = await gatherWithDatabase(places, expectations, options);
  const compared = async (run: GatheredRun) => withFindings(run, await compareOwnCheckout(run.accepted, folders));
  let added: string | undefined;
  try {
    let run = await compared(gathered.run);
    const cause = argv.runMissing ? findLastingCause(run.verdict.findings) : undefined;
    if (cause !== undefined) refuseRunMissing(cause);
    else if (argv.runMissing) {
      const healed = await runMissing(gathered.run, gathered.places, gathered.expectations, jestArgs);
      added = healed.folder;
      if (added !== undefined) run = await compared(healed.run);
    }
    run = await compareWithDatabase(run, options);
    if (typeof argv.jsonl === 'string') writeJsonLines(run, folders, argv.jsonl);
    return await concludeRun(run, {
      folders,
      jestArgs,
      page: typeof argv.html === 'string' ? path.resolve(argv.html) : path.join(folders.projectDir, DEFAULT_PAGE_PATH),
      store: options.timings?.value ?? defaultTimings(folders),
      problems: [],
      ...(typeof argv.summaryFile === 'string' && { summaryFile: path.resolve(argv.summaryFile) }),
      findBase: (own) => findBaseInHistory(own, options),
      words: { places: argv.dirs === undefined ? [] : places, flags: mergeFlags(argv, options), jestArgs },
    });
  } finally {
    for (const folder of [added, gathered.folder]) {
      if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    }
  }
}

export const mergeCommand: Command = {
  name: 'merge',
  describe: 'Merge the blobs of all nodes into one run, and prove that every test ran once',
  positional: BLOB_FOLDERS,
  flags: {
    'expect-nodes': EXPECT_NODES,
    'run-missing': { value: null, describe: 'Run missing tests here (a node died), then prove again' },
    html: { value: '<file>', describe: 'Path of the report page', defaultText: DEFAULT_PAGE_PATH },
    'summary-file': { value: '<file>', describe: 'Write the summary as Markdown, for a comment on a pull request' },
    jsonl: { value: '<file>', describe: 'Write all results, one test file a line' },
    timings: { value: '<file>', describe: 'The timings file to update', defaultText: DEFAULT_TIMINGS_PATH },
  },
  options: [...READING_OPTIONS, ...DATABASE_OPTIONS],
  takesJestArguments: true,
  examples: [
    ['merge artifacts --expect-nodes 4', 'merge the artifacts of four CI jobs'],
    ['merge artifacts -- --coverage', "Jest's own reports of the whole"],
  ],
  execute: merge,
};
