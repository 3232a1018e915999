import { rm } from 'node:fs/promises';
import { isDistributedError } from '../../errors';
import type { Folders } from '../../files/folders';
import { loadOptions } from '../../files/load-options';
import type { GatheredRun } from '../../files/load-run';
import { compareOwnCheckout } from '../../files/own-checkout';
import { stdoutTerminal } from '../../files/standard-terminals';
import { readRootDir } from '../../jest/host/root-dir';
import { pickFlags } from '../../options/flags';
import type { Options } from '../../options/resolve';
import { withFindings, withoutRedNodes } from '../../proof/proof';
import { findingLines } from '../../reports/run-report/failure-lines';
import { flakyLines } from '../../reports/run-report/flaky-lines';
import { proofLine } from '../../reports/run-report/proof-line';
import { retriesJson } from '../../reports/run-report/retries-json';
import type { Command } from '../command-line/command';
import { DATABASE_OPTIONS } from '../database/database-session';
import { BLOB_FOLDERS, blobExpectations, blobPlaces, EXPECT_NODES, READING_OPTIONS } from '../merging/blob-flags';
import { findForeignCoverage } from '../merging/foreign-coverage';
import { type MergeWords, withCommands } from '../merging/merge-command';
import { buildRetries } from '../merging/merge-outputs';
import { gatherWithDatabase } from '../merging/recover-results';
import { compareWithDatabase } from '../merging/verify-with-queue';

/** Blobs can be verified where no Jest is installed; the project folder then stands for its root. */
async function rootDirIfKnown(): Promise<string | null> {
  try {
    return await readRootDir(process.cwd(), []);
  } catch (error) {
    if (isDistributedError(error)) return null;
    throw error;
  }
}

export const verifyCommand: Command = {
  name: 'verify',
  describe: 'Prove from the blobs alone that every test ran exactly once',
  positional: BLOB_FOLDERS,
  flags: { 'expect-nodes': EXPECT_NODES, json: { value: null, describe: 'Print the verdict as JSON' } },
  options: [...READING_OPTIONS, ...DATABASE_OPTIONS],
  examples: [['verify artifacts --expect-nodes 4', 'exit code 1 and the reason if a test is missing']],
  execute: async (argv) => {
    const { options, folders } = await loadOptions({
      flags: pickFlags(argv, [...READING_OPTIONS, 'databaseUrl', 'databaseSchema']),
      environment: process.env,
      rootDir: await rootDirIfKnown(),
    });
    const expectations = await blobExpectations(argv, {
      ...{ options, folders, environment: process.env, namesRoot: false },
    });
    const places = blobPlaces(argv, options);
    const { run: gathered, folder } = await gatherWithDatabase(places, expectations, options);
    const { label, runId } = options;
    const words: MergeWords = {
      places: argv.dirs === undefined ? [] : places,
      flags: { 'expect-nodes': argv.expectNodes, label: label?.value, 'run-id': runId?.value },
      jestArgs: [],
    };
    try {
      return await printVerdict(gathered, words, argv.json === true, { options, folders });
    } finally {
      if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    }
  },
};

async function printVerdict(
  gathered: GatheredRun,
  words: MergeWords,
  isJson: boolean,
  { options, folders }: { readonly options: Options; readonly folders: Folders },
): Promise<number> {
  const beside = await compareOwnCheckout(gathered.accepted, folders);
  const findings = [...beside, ...findForeignCoverage(gathered, folders)];
  const proven = await compareWithDatabase(withoutRedNodes(withFindings(gathered, findings)), options);
  const run = withCommands(proven, words);
  const report = buildRetries(run, folders);
  if (isJson) {
    process.stdout.write(`${JSON.stringify({ ...run.verdict, retries: retriesJson(report) }, null, 2)}\n`);
  } else {
    const terminal = stdoutTerminal();
    const lines = [
      ...flakyLines(report, terminal),
      ...findingLines({ verdict: report.verdict, nodes: [] }, terminal),
      proofLine(run.verdict, terminal),
    ];
    process.stdout.write(`${lines.join('\n')}\n`);
  }
  return run.verdict.ok ? 0 : 1;
}
