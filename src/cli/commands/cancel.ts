import os from 'node:os';
import { DistributedError } from '../../errors';
import { findFolders } from '../../files/folders';
import { readPackageName } from '../../files/package-name';
import { detectProvider } from '../../node/detect-provider';
import { identifyRun } from '../../node/run';
import type { Options } from '../../options/resolve';
import { createHistory } from '../../postgres/history';
import { createPostgresQueue } from '../../postgres/postgres-queue';
import type { QueueHistory, RunSummary } from '../../queue/history';
import { pipelineName } from '../../queue/pipeline';
import type { RunRef } from '../../queue/queue';
import { formatAgo } from '../../reports/terminal/relative-time';
import type { Arguments, Command } from '../command-line/command';
import { DATABASE_OPTIONS, databaseOptions, printLine, withDatabase } from '../database/database-session';

export const cancelCommand: Command = {
  name: 'cancel',
  describe: 'Stop a run of the queue on all its nodes',
  flags: {
    pipeline: {
      value: '<pipeline>',
      excludes: 'label',
      describe: 'The pipeline as history shows it',
      defaultText: 'by package.json here, and the label',
    },
    by: {
      value: '<name>',
      describe: 'Who stops it, for messages and the history',
      defaultText: 'your name on this machine',
    },
  },
  options: ['runId', 'label', ...DATABASE_OPTIONS],
  examples: [['cancel --run-id 4711 --by Ann', 'nothing more is claimed; every node ends red']],
  execute: async (argv) => {
    const options = await databaseOptions(argv);
    const ref = { pipeline: await pipelineOf(argv, options), runId: runOf(options) };
    const by = typeof argv.by === 'string' && argv.by !== '' ? argv.by : userName();
    return withDatabase(options, {}, async ({ client, schema }) => {
      const isCancelled = await createPostgresQueue(client, schema).cancel(ref, by);
      if (!isCancelled) throw await explainNothing(ref, createHistory(client, schema));
      printLine(`run ${ref.runId} of ${ref.pipeline} is cancelled: its nodes claim nothing more and end red`);
      return 0;
    });
  },
};

async function pipelineOf(argv: Arguments, { label }: Options): Promise<string> {
  if (typeof argv.pipeline === 'string') return argv.pipeline;
  return pipelineName({ packageName: await readPackageName(findFolders(null).projectDir), label: label?.value });
}

/** `local` is never guessed: whoever stops a run says which. */
function runOf(options: Options): string {
  const { id, source } = identifyRun(options, process.env, detectProvider(process.env));
  if (source !== 'default') return id;
  throw new DistributedError({
    code: 'CANCEL_WITHOUT_RUN_ID',
    message: 'The run id is not set.',
    remedy: 'Pass --run-id. "npx jest-distributed history" lists the runs.',
  });
}

function userName(): string {
  try {
    return os.userInfo().username;
  } catch {
    // A container may run as a user that has no name.
    return os.hostname();
  }
}

async function explainNothing({ pipeline, runId }: RunRef, history: QueueHistory): Promise<DistributedError> {
  const [known] = await history.runs({ pipeline, runId });
  if (known !== undefined) {
    return new DistributedError({
      code: 'CANCEL_TOO_LATE',
      message: `Run ${runId} of ${pipeline} is not running: ${endOf(known)}.`,
      remedy: 'There is nothing to stop.',
    });
  }
  const others = (await history.runs({ runId, limit: 5 })).map((other) => `"${other.pipeline}"`);
  return new DistributedError({
    code: 'CANCEL_UNKNOWN',
    message: `There is no run ${runId} of ${pipeline}.`,
    remedy:
      others.length > 0
        ? `There is one of ${others.join(' and ')}: pass --pipeline or --label, or run this in its project.`
        : '"npx jest-distributed history" lists the runs.',
  });
}

function endOf({ state, cancelledBy, createdAt }: RunSummary): string {
  const began = formatAgo(createdAt, Date.now());
  const ended = state === 'cancelled' ? `it was cancelled by ${cancelledBy}` : `it ${state}`;
  return `${ended}, and began ${began === 'now' ? 'just now' : `${began} ago`}`;
}
