import os from 'node:os';
import { DistributedError } from '../../errors';
import { findFolders } from '../../files/folders';
import { readPackageName } from '../../files/package-name';
import { detectProvider } from '../../node/provider';
import { identifyRun } from '../../node/run';
import type { Options } from '../../options/resolve';
import { createHistory } from '../../postgres/history';
import { createPostgresQueue } from '../../postgres/postgres-queue';
import type { BuildSummary, QueueHistory } from '../../queue/history';
import { suiteName } from '../../queue/pipeline';
import type { BuildRef } from '../../queue/queue';
import { formatAgo } from '../../reports/terminal/relative-time';
import type { Arguments, Command } from '../command-line/command';
import { DATABASE_OPTIONS, databaseOptions, say, withDatabase } from '../database/database-session';

export const cancelCommand: Command = {
  name: 'cancel',
  describe: 'Stop a build of the queue on all its nodes',
  flags: {
    suite: {
      value: '<suite>',
      excludes: 'label',
      describe: 'The suite as history shows it',
      defaultText: 'by package.json here, and the label',
    },
    by: { value: '<name>', describe: 'Who or what stops it', defaultText: 'your name on this machine' },
  },
  options: ['runId', 'label', ...DATABASE_OPTIONS],
  examples: [['cancel --run-id 4711 --by Ann', 'nothing more is claimed; every node ends red']],
  execute: async (argv) => {
    const options = await databaseOptions(argv);
    const ref = { suite: await suiteOf(argv, options), build: buildOf(options) };
    const by = typeof argv.by === 'string' && argv.by !== '' ? argv.by : userName();
    return withDatabase(options, {}, async ({ client, schema }) => {
      const isCancelled = await createPostgresQueue(client, schema).cancel(ref, by);
      if (!isCancelled) throw await explainNothing(ref, createHistory(client, schema));
      say(`build ${ref.build} of ${ref.suite} is cancelled: its nodes claim nothing more and end red`);
      return 0;
    });
  },
};

async function suiteOf(argv: Arguments, { label }: Options): Promise<string> {
  if (typeof argv.suite === 'string') return argv.suite;
  return suiteName({ packageName: await readPackageName(findFolders(null).projectDir), label: label?.value });
}

/** `local` is never guessed: whoever stops a build says which. */
function buildOf(options: Options): string {
  const { id, source } = identifyRun(options, process.env, detectProvider(process.env));
  if (source !== 'default') return id;
  throw new DistributedError({
    code: 'CANCEL_WITHOUT_RUN_ID',
    message: 'Nothing says which build is to be cancelled.',
    remedy: 'Give its id with --run-id; "npx jest-distributed history" lists the builds.',
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

async function explainNothing({ suite, build }: BuildRef, history: QueueHistory): Promise<DistributedError> {
  const [known] = await history.builds({ suite, build });
  if (known !== undefined) {
    return new DistributedError({
      code: 'CANCEL_TOO_LATE',
      message: `Build ${build} of ${suite} is not running: ${endOf(known)}.`,
      remedy: 'There is nothing to stop.',
    });
  }
  const others = (await history.builds({ build, limit: 5 })).map((other) => `"${other.suite}"`);
  return new DistributedError({
    code: 'CANCEL_UNKNOWN',
    message: `There is no build ${build} of ${suite}.`,
    remedy:
      others.length > 0
        ? `There is one of ${others.join(' and ')}: name it with --suite or --label, or run this in its project.`
        : '"npx jest-distributed history" lists the builds.',
  });
}

function endOf({ state, cancelledBy, createdAt }: BuildSummary): string {
  const began = formatAgo(createdAt, Date.now());
  const ended = state === 'cancelled' ? `it was cancelled by ${cancelledBy}` : `it ${state}`;
  return `${ended}, and began ${began === 'now' ? 'just now' : `${began} ago`}`;
}
