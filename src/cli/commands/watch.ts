import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onStopSignal } from '../../files/processes';
import { stdoutTerminal } from '../../files/standard-terminals';
import { hideSecrets } from '../../options/hide-secrets';
import { createQueueSource, findWatchedRun, type WatchedRun } from '../../postgres/live/queue-source';
import { hasPassed, watchEndLines } from '../../reports/live/end-lines';
import type { EventSource, FollowEnd } from '../../reports/live/event-source';
import type { LiveEvent } from '../../reports/live/events';
import { foldLive, type LiveState } from '../../reports/live/state';
import { agoText } from '../../reports/terminal/relative-time';
import type { Arguments, Command } from '../command-line/command';
import {
  DATABASE_OPTIONS,
  type DatabaseSession,
  databaseOptions,
  printLine,
  withDatabase,
} from '../database/database-session';
import { openDisplay } from '../local/live-display';
import { openRecordedSource } from '../merging/recorded-source';

/** Nodes need a while to install and to find their files. */
const LOOK_AGAIN_MS = 2_000;

/** Somebody who watches does not want to hear of a database that is restarted. */
const RETRY_MS = 120_000;

function printEvents(events: readonly LiveEvent[]): void {
  process.stdout.write(events.map((event) => `${JSON.stringify(event)}\n`).join(''));
}

/** Shows a run until it is over. @returns the exit code. */
async function show(source: EventSource, isJson: boolean): Promise<number> {
  const stop = new AbortController();
  const release = onStopSignal(() => stop.abort());
  let state: LiveState | undefined;
  const display = isJson ? undefined : openDisplay(process.stdout, process.env);
  const tell = (events: readonly LiveEvent[]) => {
    if (isJson) printEvents(events);
    for (const event of events) {
      state = foldLive(state, event);
      display?.show(event);
    }
  };
  let end: FollowEnd;
  try {
    end = await source.follow(tell, stop.signal);
  } finally {
    release();
    if (state?.endedAt === null) display?.show({ kind: 'run-ended', at: Date.now() });
  }
  if (state === undefined) return 1;
  if (!isJson) process.stdout.write(`${watchEndLines(state, end, stdoutTerminal()).join('\n')}\n`);
  return end === 'stopped' || hasPassed(state, end) ? 0 : 1;
}

/** Waits for it where its nodes have not begun; undefined where somebody wants to wait no longer. */
async function waitForRun({ client, schema }: DatabaseSession, argv: Arguments): Promise<WatchedRun | undefined> {
  const runId = argv.run as string | undefined;
  const pipeline = argv.pipeline as string | undefined;
  const stop = new AbortController();
  const release = onStopSignal(() => stop.abort());
  let isTold = false;
  try {
    while (!stop.signal.aborted) {
      const run = await findWatchedRun(client, schema, { runId, pipeline });
      if (run !== null) return run;
      if (!isTold) {
        const what = runId === undefined ? 'a run' : `run ${hideSecrets(runId)}`;
        printLine(`waiting for ${what}: none has begun in ${client.address}, schema ${schema}`);
      }
      isTold = true;
      await sleep(LOOK_AGAIN_MS, undefined, { signal: stop.signal }).catch(() => undefined);
    }
    return undefined;
  } finally {
    release();
  }
}

async function watch(argv: Arguments): Promise<number> {
  const isJson = argv.json === true;
  const what = argv.run as string | undefined;
  if (what !== undefined && existsSync(what)) return show(await openRecordedSource(path.resolve(what)), isJson);
  return withDatabase(await databaseOptions(argv), { isQuestion: true, retryMs: RETRY_MS }, async (session) => {
    const run = await waitForRun(session, argv);
    if (run === undefined) return 0;
    const commit = run.commit === null ? '' : `, commit ${run.commit.slice(0, 10)}`;
    const begun = `begun ${agoText(new Date(run.createdMs).toISOString(), Date.now())}`;
    const branch = run.branch === null ? '' : `, branch ${run.branch}`;
    printLine(`run ${run.runId} of ${run.pipeline}${branch}${commit}, ${begun}`);
    return show(createQueueSource(session.client, session.schema, run), isJson);
  });
}

export const watchCommand: Command = {
  name: 'watch',
  describe: 'Follow a run of the queue while it lasts, from anywhere',
  positional: { name: 'run', describe: 'its id; default: the newest. Or a folder of blobs, to see how it went' },
  flags: {
    pipeline: { value: '<pipeline>', describe: 'Only this pipeline: name of the package, and label' },
    json: { value: null, describe: 'Print events, one JSON object a line' },
  },
  options: DATABASE_OPTIONS,
  examples: [
    ['watch', 'the run that runs now'],
    ['watch 4711', 'the run of that id; waits for it'],
  ],
  execute: watch,
};
