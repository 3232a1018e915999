/** The history of a queue's database. */

import { readDetail } from '../../blob/queue-detail';
import { DistributedError } from '../../errors';
import type {
  BaseResult,
  FlakyEntry,
  FlakyFailure,
  HistoryFilter,
  PastExecution,
  QueueHistory,
  RunSummary,
  SlowEntry,
} from '../../queue/history';
import type { Json, JsonObject } from '../../queue/queue';
import { quoteSchema } from '../client/schema-name';
import type { SqlClient, SqlRow } from '../client/sql-client';
import { numberOrNull, text, textOrNull, toNamed } from '../row-mapping';
import { findBaseRun, listBaseResults } from './base';
import { listEstimates } from './estimates';
import { listFileExecutions, listTestExecutions } from './executions';
import { listFlaky } from './flaky';
import { pruneFiles, pruneRuns } from './prune';
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
    async estimates(pipeline) {
      const rows = await client.query(listEstimates(s), [pipeline]);
      return rows.map((row) => {
        const { file, part } = toNamed(row);
        return { file, part, meanMs: Math.max(1, Math.round(Number(row.mean_ms))) };
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

// pg gives Dates, PGlite too; a wire gives text.
const isoTime = (value: unknown): string => (value instanceof Date ? value : new Date(text(value))).toISOString();
const fileOf = (row: SqlRow) => ({ project: textOrNull(row.project), path: text(row.path) });

function toRunSummary(row: SqlRow): RunSummary {
  return {
    pipeline: text(row.pipeline),
    runId: text(row.run),
    commit: textOrNull(row.commit_sha),
    attempt: Number(row.attempt),
    state: text(row.state) as RunSummary['state'],
    cancelledBy: textOrNull(row.cancelled_by),
    createdAt: isoTime(row.created_at),
    wallMs: Number(row.wall_ms),
    busyMs: Number(row.busy_ms),
    nodes: Number(row.nodes),
    items: Number(row.items),
    passed: Number(row.passed),
    failed: Number(row.failed),
    poison: Number(row.poison),
    flaky: Number(row.flaky),
  };
}

function toBaseResult(row: SqlRow): BaseResult {
  return {
    ...toNamed(row),
    durationMs: numberOrNull(row.duration_ms),
    ok: Number(row.outcome) === 1,
    failed: toTroubles(row.detail).failed.map(({ test }) => test),
  };
}

function toExecution(row: SqlRow): PastExecution {
  return {
    pipeline: text(row.pipeline),
    runId: text(row.run),
    commit: textOrNull(row.commit_sha),
    file: fileOf(row),
    part: textOrNull(row.part),
    test: textOrNull(row.test),
    node: textOrNull(row.node),
    attempt: Number(row.attempt),
    claimNumber: Number(row.claim_number),
    decision: text(row.decision) as PastExecution['decision'],
    outcome: textOrNull(row.outcome),
    durationMs: numberOrNull(row.duration_ms),
    finishedAt: isoTime(row.finished_at),
    ...toTroubles(row.detail),
  };
}

/** What a run's detail says of failures; others than we may have written it. */
function toTroubles(detail: unknown): Pick<PastExecution, 'error' | 'failed' | 'retries'> {
  const { tests, failure } = readDetail(detail === null ? null : (JSON.parse(text(detail)) as JsonObject));
  const failed = tests
    .filter(({ status }) => status === 'failed')
    .map((test) => ({ test: test.name, error: errorOf(test) }));
  return {
    error: failure ?? failed.find(({ error }) => error !== null)?.error ?? null,
    failed,
    retries: tests.flatMap(({ name, tries }) => (isList(tries) ? [{ test: name, errors: tries.map(errorOf) }] : [])),
  };
}

const isList = (value: unknown): value is readonly Json[] => Array.isArray(value);

function errorOf(tried: Json): string | null {
  const error = typeof tried === 'object' && tried !== null ? (tried as JsonObject).error : null;
  return typeof error === 'string' ? error : null;
}

interface FailureRow {
  readonly runId: string;
  readonly node: string | null;
  readonly attempt: number;
  readonly claimNumber: number;
  readonly finishedMs: number;
  /** Absent: the file as a whole. */
  readonly status?: string;
  readonly error: Json;
  readonly tries?: readonly Json[];
}

function toFailures(failures: unknown): FlakyFailure[] {
  const rows = (JSON.parse(text(failures)) as readonly FailureRow[][]).flat();
  return rows
    .sort((a, b) => b.finishedMs - a.finishedMs)
    .flatMap(({ finishedMs, status, error, tries = [], ...runId }) => {
      const fact = { ...runId, finishedAt: new Date(finishedMs).toISOString() };
      return [
        ...(status === undefined || status === 'failed'
          ? [{ ...fact, wasRerun: false, error: errorOf({ error }) }]
          : []),
        ...tries.map((tried) => ({ ...fact, wasRerun: true, error: errorOf(tried) })).reverse(),
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
  };
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
