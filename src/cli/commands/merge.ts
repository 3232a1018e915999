import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { ArgumentsCamelCase } from 'yargs';
import { isDistributedError } from '../../errors';
import { loadOptions } from '../../files/load-options';
import { compareOwnCheckout } from '../../files/own-checkout';
import { DEFAULT_TIMINGS_PATH, defaultTimings } from '../../jest/knowledge';
import { readRootDir } from '../../jest/root-dir';
import { flagSpecs, pickFlags } from '../../options/flags';
import { withFindings } from '../../results/proof';
import { type Command, jestArguments } from '../command';
import { concludeRun } from '../conclude';
import { blobExpectations, blobFlags, blobPlaces, namesRoot, READING_OPTIONS } from '../expectations';
import { writeJsonLines } from '../json-lines';
import { DEFAULT_PAGE_PATH } from '../merged-run';
import { confirmByDatabase } from '../queue-witness';
import { gatherWithDatabase } from '../recover-results';
import { runMissing } from '../run-missing';

/** Without a root there is still a proof; the replay then fails by itself, with what Jest says. */
function rootDirOf(jestArgs: readonly string[]): string | null {
  try {
    return readRootDir(process.cwd(), jestArgs);
  } catch (error) {
    if (!isDistributedError(error)) throw error;
    process.stderr.write(`${error.message}\n`);
    return null;
  }
}

async function merge(argv: ArgumentsCamelCase): Promise<number> {
  const jestArgs = jestArguments(argv);
  const { options, folders } = await loadOptions({
    flags: pickFlags(argv, [...READING_OPTIONS, 'timings', 'databaseUrl', 'databaseSchema']),
    environment: process.env,
    rootDir: rootDirOf(jestArgs),
  });
  const places = blobPlaces(argv, options);
  const expectations = await blobExpectations(argv, {
    ...{ options, folders, environment: process.env, namesRoot: namesRoot(jestArgs) },
  });
  const gathered = await gatherWithDatabase(places, expectations, options);
  let { run } = gathered;
  let added: string | undefined;
  try {
    if (argv.runMissing) {
      ({ run, folder: added } = await runMissing(run, gathered.places, gathered.expectations, jestArgs));
    }
    run = withFindings(run, await compareOwnCheckout(run.accepted, folders, 'error'));
    run = await confirmByDatabase(run, options);
    if (typeof argv.jsonl === 'string') writeJsonLines(run, folders, argv.jsonl);
    return await concludeRun(run, {
      folders,
      jestArgs,
      page: typeof argv.html === 'string' ? path.resolve(argv.html) : path.join(folders.projectDir, DEFAULT_PAGE_PATH),
      store: options.timings?.value ?? defaultTimings(folders),
      problems: [],
    });
  } finally {
    for (const folder of [added, gathered.folder]) {
      if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    }
  }
}

export const mergeCommand: Command = {
  command: 'merge [dirs..]',
  describe: 'Make one run of the blobs of all nodes, and prove that every test ran once',
  build: (argv) =>
    blobFlags(argv)
      .options(flagSpecs(['databaseUrl', 'databaseSchema']))
      .options({
        'run-missing': { type: 'boolean', describe: 'Run here what never ran (a node died), then prove again' },
        html: {
          type: 'string',
          requiresArg: true,
          describe: `Where the report page goes; default ${DEFAULT_PAGE_PATH}`,
        },
        jsonl: { type: 'string', requiresArg: true, describe: 'Write all results, one test file a line' },
        timings: {
          type: 'string',
          requiresArg: true,
          describe: `The store to update; default ${DEFAULT_TIMINGS_PATH}`,
        },
      })
      .example('$0 merge artifacts --expect-nodes 4', 'one run of what four CI jobs uploaded')
      .example('$0 merge artifacts -- --coverage --json --outputFile=out.json', "Jest's own reports of the whole"),
  execute: merge,
};
