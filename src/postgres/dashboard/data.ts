/** The dashboard's data from the database of a queue. Nothing here writes anything. */
import type { BlobMetadata } from '../../blob/blob';
import type {
  DashboardData,
  ExecutionRow,
  Facets,
  OpenedRun,
  PastFailure,
  RunFilter,
  RunRow,
} from '../../reports/dashboard/data';
import { linksOf } from '../../reports/run-report/links';
import { PLAIN_REPEAT } from '../../shell/reproduce-tests';
import { readRunner } from '../../shell/runner';
import { quoteSchema } from '../client/schema-name';
import type { SqlClient, SqlRow, SqlValue } from '../client/sql-client';
import { createHistory } from '../history';
import { fileOf, isoTime, toExecution, toRunSummary, toTroubles } from '../history/rows';
import { createQueueSource, findWatchedRun } from '../live/queue-source';
import { text, textOrNull } from '../row-mapping';
import { listExecutions, listFacets, listFailures, listRunRows } from './statements';

export interface CheckoutFacts {
  /** Where the repository that the dashboard was started in was fetched from, or null. */
  readonly remote: string | null;
}

const DEFAULT_RUNS = 30;
const DEFAULT_FAILURES = 300;
const DEFAULT_EXECUTIONS = 300;

/** Tests of one file that one execution names. */
const MOST_TESTS = 100;

const toRow = (row: SqlRow): RunRow => ({ ...toRunSummary(row), id: text(row.id) });

const toExecutionRow = (row: SqlRow): ExecutionRow => ({
  ...toExecution(row),
  id: text(row.id),
  machine: textOrNull(row.host),
});

const ENDED = 'Every node that ran this file ended while it ran.';

function toPastFailures(row: SqlRow): PastFailure[] {
  const { error, failed } = toTroubles(row.detail);
  const facts = {
    ...{ id: text(row.id), pipeline: text(row.pipeline), runId: text(row.run), commit: textOrNull(row.commit_sha) },
    ...{ file: fileOf(row), part: textOrNull(row.part), node: textOrNull(row.node), machine: textOrNull(row.host) },
    isCounted: Number(row.decision) === 1,
    finishedAt: isoTime(row.finished_at),
  };
  const whole = Number(row.outcome) === 3 ? ENDED : (error ?? '');
  if (failed.length === 0) return [{ ...facts, test: null, error: whole }];
  return failed.slice(0, MOST_TESTS).map((one) => ({ ...facts, test: one.test, error: one.error ?? whole }));
}

/** @param client one whose schema is current (see `checkSchema`). */
export function createDatabaseDashboard(client: SqlClient, schema: string, { remote }: CheckoutFacts): DashboardData {
  const s = quoteSchema(schema);
  const history = createHistory(client, schema);

  /** The first seven parameters of the statements. */
  const narrow = (filter: RunFilter, limit: number): readonly SqlValue[] => {
    const { pipeline, days, branch, commit, node, machine } = filter;
    const hex = commit?.toLowerCase() ?? null;
    return [pipeline ?? null, days ?? null, filter.limit ?? limit, hex, branch ?? null, node ?? null, machine ?? null];
  };

  return {
    facts: { place: `${client.address}, schema ${schema}`, hasHistory: true },
    async facets(): Promise<Facets> {
      const rows = await client.query(listFacets(s));
      const named = (kind: string) => rows.filter((row) => row.kind === kind).map(({ name }) => text(name));
      return { pipelines: named('pipeline'), branches: named('branch'), machines: named('machine') };
    },
    async runs(filter) {
      const values = [...narrow(filter, DEFAULT_RUNS), filter.state ?? null];
      return (await client.query(listRunRows(s), values)).map(toRow);
    },
    async open(id): Promise<OpenedRun | null> {
      const run = /^\d{1,18}$/.test(id) ? await findWatchedRun(client, schema, { id }) : null;
      if (run === null) return null;
      const { identity, pipeline, runId, commit, branch, createdMs } = run;
      const links = linksOf(identity === null ? undefined : (identity as BlobMetadata), { remote, runPage: null });
      const repeat = identity?.repeat ?? PLAIN_REPEAT;
      return {
        facts: {
          ...{ id, pipeline, runId, commit, branch, links, repeat, runner: readRunner() },
          createdAt: new Date(createdMs).toISOString(),
        },
        source: createQueueSource(client, schema, run),
      };
    },
    async executions({ project, path, test, pipeline, days, limit }) {
      const values = [pipeline ?? null, days ?? null, limit ?? DEFAULT_EXECUTIONS, project, path, test ?? null];
      return (await client.query(listExecutions(s), values)).map(toExecutionRow);
    },
    async failures(filter) {
      return (await client.query(listFailures(s), narrow(filter, DEFAULT_FAILURES))).flatMap(toPastFailures);
    },
    flaky: (filter) => history.flaky(filter),
    slow: (of, filter) => history.slow(of, filter),
  };
}
