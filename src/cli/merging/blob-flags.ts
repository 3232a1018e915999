/** Which blobs `merge` and `verify` are to take. */
import path from 'node:path';
import { DistributedError } from '../../errors';
import type { Folders } from '../../files/folders';
import { describeJob } from '../../files/job';
import { detectProvider } from '../../node/detect-provider';
import { identifyRun } from '../../node/run';
import type { Environment } from '../../options/environment';
import type { Flag } from '../../options/flags';
import type { Options } from '../../options/resolve';
import type { OptionName } from '../../options/table';
import type { Expectations } from '../../proof/proof';
import type { Positional } from '../../reports/help/help-lines';
import type { Arguments } from '../command-line/command';

/** Options that say which blobs are meant. */
export const READING_OPTIONS = ['runId', 'label'] as const satisfies readonly OptionName[];

export const BLOB_FOLDERS: Positional = {
  name: 'dirs',
  isList: true,
  describe: 'folders with blobs, or blobs; by default the report folder',
};

export const EXPECT_NODES: Flag = { value: '<number>', describe: 'Number of nodes that must have run' };

export function blobPlaces(argv: Arguments, { reportDir }: Options): string[] {
  const named = (argv.dirs as string[] | undefined) ?? [];
  return named.length > 0 ? named.map((place) => path.resolve(place)) : [reportDir.value];
}

/** What a command that reads blobs knows of the run that is meant. */
export interface ReadingOptions {
  readonly options: Options;
  readonly folders: Folders;
  readonly environment: Environment;
  /** Jest's arguments say which config or root is meant. */
  readonly namesRoot: boolean;
}

/**
 * The run, job and number of nodes that are meant, by the rule that the nodes follow: flag, variable, CI.
 *
 * @throws DistributedError `EXPECT_NODES_INVALID`, `CI_VARIABLE_INVALID`, `PACKAGE_UNREADABLE`.
 */
export async function blobExpectations(argv: Arguments, reading: ReadingOptions): Promise<Expectations> {
  const { options, folders, environment, namesRoot } = reading;
  const { expectNodes } = argv;
  const count = Number(expectNodes);
  if (expectNodes !== undefined && !(Number.isInteger(count) && count >= 1)) {
    throw new DistributedError({
      code: 'EXPECT_NODES_INVALID',
      message: `The number of expected nodes is "${String(expectNodes)}" (from --expect-nodes).`,
      remedy: 'Give a whole number, 1 or more.',
    });
  }
  const job = await describeJob(folders, options.label?.value ?? null);
  const run = identifyRun(options, environment, detectProvider(environment));
  return {
    ...(expectNodes !== undefined && { expectNodes: count }),
    ...(run.source === 'default' ? { unknownIn: run.unknownIn } : { runId: run.id, runSource: run.source }),
    ...(options.label !== undefined && { label: options.label.value }),
    packageName: job.packageName,
    // In the project's own folder several roots are as likely meant as this one.
    rootDir: namesRoot || folders.workingDir !== folders.projectDir ? job.rootDir : null,
  };
}

/** Whether Jest's arguments say which config or root is meant. */
export const namesRoot = (jestArgs: readonly string[]): boolean =>
  jestArgs.some((arg) => /^(-c|--config|--rootDir|--root-dir)(=|$)/.test(arg));
