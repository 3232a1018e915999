/** The quarantine file of this checkout, with what past runs say of its tests. */
import { DistributedError } from '../../errors';
import { loadOptions } from '../../files/load-options';
import { readQuarantineFile, readQuarantineRecord } from '../../files/quarantine-file';
import { dayOf, QUARANTINE_FILE, type Quarantine, type QuarantineEntry } from '../../flaky/quarantine';
import {
  type PastOutcome,
  type QuarantineRecord,
  recordOf,
  type Standing,
  standingsOf,
} from '../../flaky/quarantine-record';
import { defaultTimings } from '../../jest/planning/timings-source';
import { pickFlags } from '../../options/flags';
import type { Options } from '../../options/resolve';
import { createHistory } from '../../postgres/history';
import { isCampaignPipeline } from '../../queue/pipeline';
import type { Arguments } from '../command-line/command';
import { withDatabase } from '../database/database-session';

export interface OpenQuarantine {
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
      // A campaign looks for failures: it is no run in which the test passed or failed.
      const own = found.filter(({ test, pipeline }) => test === entry.test && !isCampaignPipeline(pipeline));
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

/** @param asksHistory of the database too, where one is set. */
export async function openQuarantine(argv: Arguments, asksHistory = false): Promise<OpenQuarantine> {
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

/** @throws DistributedError `QUARANTINE_INVALID`: a file that is wrong already is not written. */
export function requireSound(problems: readonly string[]): void {
  if (problems.length === 0) return;
  throw new DistributedError({
    code: 'QUARANTINE_INVALID',
    message: `${QUARANTINE_FILE} is wrong:${problems.map((text) => `\n    ${text}`).join('')}`,
    remedy: 'Correct it first.',
  });
}
