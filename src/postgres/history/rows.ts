/** Rows of past runs → plain data. */
import { readDetail } from '../../blob/queue-detail';
import { readCampaign } from '../../queue/campaign-record';
import type { PastExecution, RunSummary } from '../../queue/history';
import type { Json, JsonObject } from '../../queue/queue';
import type { SqlRow } from '../client/sql-client';
import { numberOrNull, text, textOrNull } from '../row-mapping';

// pg gives Dates, PGlite too; a wire gives text.
export const isoTime = (value: unknown): string =>
  (value instanceof Date ? value : new Date(text(value))).toISOString();
export const fileOf = (row: SqlRow) => ({ project: textOrNull(row.project), path: text(row.path) });

export function toRunSummary(row: SqlRow): RunSummary {
  return {
    pipeline: text(row.pipeline),
    runId: text(row.run),
    commit: textOrNull(row.commit_sha),
    branch: textOrNull(row.branch),
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

export function toExecution(row: SqlRow): PastExecution {
  const detail = detailOf(row.detail);
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
    ...troublesOf(detail),
    campaign: readCampaign(detail),
  };
}

const detailOf = (detail: unknown): JsonObject | null =>
  detail === null || detail === undefined ? null : (JSON.parse(text(detail)) as JsonObject);

type Troubles = Pick<PastExecution, 'error' | 'failed' | 'retries'>;

/** What a run's detail says of failures; others than we may have written it. */
export const toTroubles = (detail: unknown): Troubles => troublesOf(detailOf(detail));

function troublesOf(detail: JsonObject | null): Troubles {
  const { tests, failure } = readDetail(detail);
  const failed = tests
    .filter(({ status }) => status === 'failed')
    .map((test) => ({ test: test.name, error: errorOf(test) }));
  return {
    error: failure ?? failed.find(({ error }) => error !== null)?.error ?? null,
    failed,
    // What a campaign has as tries is one error of each kind.
    retries: tests.flatMap(({ name, tries, grind }) =>
      isList(tries) && grind === undefined ? [{ test: name, errors: tries.map(errorOf) }] : [],
    ),
  };
}

const isList = (value: unknown): value is readonly Json[] => Array.isArray(value);

export function errorOf(tried: Json): string | null {
  const error = typeof tried === 'object' && tried !== null ? (tried as JsonObject).error : null;
  return typeof error === 'string' ? error : null;
}
