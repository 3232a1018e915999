/** The history of a queue's database. */

import { DistributedError } from '../../errors';
import { readFinding } from '../../queue/campaign-record';
import type {
  BaseResult,
  FlakyEntry,
  FlakyFailure,
  HistoryFilter,
  LastCampaign,
  QueueHistory,
  SlowEntry,
} from '../../queue/history';
import type { Json } from '../../queue/queue';
import { quoteSchema } from '../client/schema-name';
import type { SqlClient, SqlRow } from '../client/sql-client';
import { numberOrNull, text, textOrNull, toNamed } from '../row-mapping';
import { findBaseRun, listBaseResults } from './base';
import { listEstimates } from './estimates';
import { listFileExecutions, listTestExecutions } from './executions';
import { listFlaky } from './flaky';
import { pruneFiles, pruneRuns } from './prune';
import { errorOf, fileOf, isoTime, toExecution, toRunSummary, toTroubles } from './rows';
import { listRuns } from './runs';
import { listSlowFiles, listSlowTests } from './slow';

const DEFAULT_LIMIT = 20;

/** A run may have 100,000 executions, and those were measured to take up to 5 s. */
const RUNS_AT_ONCE = 3;

/** @param client one whose schema is current (see `checkSchema`). */
export function createHistory(client: SqlClient, schema: string): QueueHistory {
  const s = quoteSchema(schema);
  return {
    async runs(filter = {}) {
      return (await client.query(listRuns(s), [...narrow(filter), filter.runId ?? null])).map(toRunSummary);
    },
    async executions(what, filter = {}) {
      const files = await client.query(listFileExecutions(s), [what, ...narrow(filter)]);
      const rows = files.length > 0 ? files : await client.query(listTestExecutions(s), [what, ...narrow(filter)]);
      return rows.map(toExecution);
    },
    async flaky(filter = {}) {
      return (await client.query(listFlaky(s), narrow(filter))).map(toFlaky);
    },
    async slow(of, filter = {}) {
      const statement = of === 'files' ? listSlowFiles(s) : listSlowTests(s);
      return (await client.query(statement, narrow(filter))).map(toSlow);
    },
    async base(pipeline, runId, commits) {
      const [row] = await client.query(findBaseRun(s), [pipeline, runId, commits]);
      if (row === undefined) return null;
      const results = await client.query(listBaseResults(s), [text(row.id)]);
      return {
        ...{ runId: text(row.run), commit: textOrNull(row.commit_sha), wallMs: Number(row.wall_ms) },
        results: results.map(toBaseResult),
      };
    },
    async estimates(pipeline, branch) {
      const rows = await client.query(listEstimates(s), [pipeline, branch]);
      return rows.map((row) => {
        const { file, part } = toNamed(row);
        const meanMs = row.mean_ms === null ? null : Math.max(1, Math.round(Number(row.mean_ms)));
        return { file, part, meanMs, failedLast: row.failed_last === true };
      });
    },
    async prune(days, onProgress) {
      if (!Number.isFinite(days) || days < 0) {
        throw new DistributedError({
          code: 'PRUNE_AGE_INVALID',
          message: `${days} is not an age in days.`,
          remedy: 'Give a number that is 0 or more: npx jest-distributed db prune --days 90',
        });
      }
      let runs = 0;
      let executions = 0;
      for (;;) {
        const [row] = await client.query(pruneRuns(s), [days, RUNS_AT_ONCE]);
        if (Number(row?.runs) === 0) break;
        runs += Number(row?.runs);
        executions += Number(row?.executions);
        onProgress?.({ runs, executions, files: 0 });
      }
      const files = (await client.query(pruneFiles(s))).length;
      return { runs, executions, files };
    },
  };
}

function narrow({ pipeline, days, limit = DEFAULT_LIMIT }: HistoryFilter): [string | null, number | null, number] {
  return [pipeline ?? null, days ?? null, limit];
}

function toBaseResult(row: SqlRow): BaseResult {
  return {
    ...toNamed(row),
    durationMs: numberOrNull(row.duration_ms),
    ok: Number(row.outcome) === 1,
    failed: toTroubles(row.detail).failed.map(({ test }) => test),
  };
}

interface FailureRow {
  readonly runId: string;
  readonly node: string | null;
  readonly attempt: number;
  readonly claimNumber: number;
  readonly finishedMs: number;
  readonly isCampaign: boolean;
  /** Absent: the file as a whole. */
  readonly status?: string;
  readonly error: Json;
  readonly tries?: readonly Json[];
}

function toFailures(failures: unknown): FlakyFailure[] {
  const rows = (JSON.parse(text(failures)) as readonly FailureRow[][]).flat();
  return rows
    .sort((a, b) => b.finishedMs - a.finishedMs)
    .flatMap(({ finishedMs, isCampaign, status, error, tries = [], ...runId }) => {
      const fact = { ...runId, finishedAt: new Date(finishedMs).toISOString() };
      return [
        ...(status === undefined || status === 'failed'
          ? [{ ...fact, wasRerun: false, error: errorOf({ error }) }]
          : []),
        ...tries.map((tried) => ({ ...fact, wasRerun: !isCampaign, error: errorOf(tried) })).reverse(),
      ];
    });
}

function toFlaky(row: SqlRow): FlakyEntry {
  return {
    pipeline: text(row.pipeline),
    file: fileOf(row),
    test: textOrNull(row.test),
    commits: Number(row.commits),
    passed: Number(row.passed),
    failed: Number(row.failed),
    lastAt: isoTime(row.last_at),
    failures: toFailures(row.failures),
    lastCampaign: toLastCampaign(row),
  };
}

function toLastCampaign({ finding, campaign_run: run, campaign_at: at }: SqlRow): LastCampaign | null {
  const found = textOrNull(finding) === null ? undefined : readFinding(null, JSON.parse(text(finding)) as Json);
  if (found === undefined) return null;
  const { test: _test, ...rest } = found;
  return { runId: text(run), finishedAt: isoTime(at), ...rest };
}

function toSlow(row: SqlRow): SlowEntry {
  return {
    pipeline: text(row.pipeline),
    file: fileOf(row),
    test: textOrNull(row.test),
    executions: Number(row.executions),
    meanMs: Math.round(Number(row.mean_ms)),
    longestMs: Math.round(Number(row.longest_ms)),
  };
}
