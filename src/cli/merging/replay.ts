/**
 * Replays a run through the project's own Jest, in a process of its own: whatever the project's reporters do to it, the
 * verdict is ours to give.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { GatheredRun } from '../../files/load-run';
import { onStopSignal } from '../../files/processes';
import { variableName } from '../../jest/channels/environment';
import { formatReplay, prepareReplay, REPLAY_OUTCOME_FD, type ReplayQuarantine } from '../../jest/replay/replay-source';
import { fileKey, type TestFile } from '../../plan/item';
import { type ReplayDue, type ReplayOutcome, replayProblems } from '../../proof/replay-outcome';

export interface Replayed {
  /** Of the replaying process; null where there was nothing to replay, or where a signal ended it. */
  readonly exitCode: number | null;
  /** What is wrong besides failed tests, a clause each. */
  readonly problems: readonly string[];
  /** Test files that Jest found here and of which no blob has a result. */
  readonly unknown: readonly TestFile[];
  /** Digest of the Jest call that found them; null where there was nothing to replay. */
  readonly call: string | null;
  /** The signal that stopped it. */
  readonly stoppedBy: NodeJS.Signals | undefined;
}

const PROCESS = require.resolve('../../jest/replay/replay-process');

/** How long the process may go on after Jest is at its end before a line says what it waits for. */
const LINGER_MS = 5_000;

function dueOf({ blobs }: GatheredRun): ReplayDue {
  const files = new Map<string, number>();
  for (const blob of blobs) {
    for (const { file, tests } of blob.files) {
      const key = fileKey(file);
      // Of parts that are merged only so much is sure.
      files.set(key, Math.max(tests, files.get(key) ?? 0));
    }
  }
  return { files: files.size, tests: [...files.values()].reduce((sum, tests) => sum + tests, 0) };
}

/** Undefined where the process ended without one, or in the middle of it. */
function parseOutcome(json: string): ReplayOutcome | undefined {
  try {
    return JSON.parse(json) as ReplayOutcome;
  } catch {
    return undefined;
  }
}

async function runProcess(source: string, args: readonly string[]) {
  const child = spawn(process.execPath, [...process.execArgv, PROCESS, ...args], {
    env: { ...process.env, [variableName('REPLAY')]: source },
    stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
  });
  let stoppedBy: NodeJS.Signals | undefined;
  const release = onStopSignal((signal, times) => {
    stoppedBy = signal;
    child.kill(times > 1 ? 'SIGKILL' : signal);
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    const outcome = text(child.stdio[REPLAY_OUTCOME_FD] as Readable);
    child.stdio[REPLAY_OUTCOME_FD]?.once('data', () => {
      timer = setTimeout(() => {
        process.stderr.write(
          "jest-distributed: waiting for the project's reporters, which keep their process running\n",
        );
      }, LINGER_MS);
    });
    const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    // A process that a reporter started may hold the descriptor open for longer.
    child.stdio[REPLAY_OUTCOME_FD]?.destroy();
    return { code, signal, outcome: parseOutcome(await outcome), stoppedBy };
  } finally {
    clearTimeout(timer);
    release();
  }
}

/** Replays the run. stdout and stderr are Jest's while it lasts. */
export async function replayRun(
  run: GatheredRun,
  jestArgs: readonly string[],
  quarantine: ReplayQuarantine | null,
): Promise<Replayed> {
  if (run.blobs.length === 0) return { exitCode: null, problems: [], unknown: [], call: null, stoppedBy: undefined };
  const folder = await mkdtemp(path.join(tmpdir(), 'jest-distributed-replay-'));
  try {
    const source = path.join(folder, 'source.json');
    await writeFile(source, formatReplay(prepareReplay(run, folder, quarantine)));
    const { stoppedBy, ...end } = await runProcess(source, ['--passWithNoTests', ...jestArgs]);
    const { unknown = [], call = null } = end.outcome ?? {};
    return { exitCode: end.code, problems: replayProblems(end, dueOf(run), jestArgs), unknown, call, stoppedBy };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
