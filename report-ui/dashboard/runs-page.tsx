import type { DashboardFacts, Facets, RunRow } from '../../src/reports/dashboard/data';
import { countOf, formatCount, formatDuration } from '../../src/reports/terminal/format';
import { agoText } from '../../src/reports/terminal/relative-time';
import { shownName } from '../model/shown-name';
import { PageTitle } from '../parts/page-title';
import { StatusMark } from '../parts/status-mark';
import { type Query, runAddress } from './address';
import { useNow } from './live-run';
import { Filters, markOfRun, PERIODS, SelectField, shortCommit, TextField, Waiting } from './parts';
import { useAnswer } from './use-answer';

const REFRESH_MS = 5_000;
const STEP = 30;

const STATES = [
  ['', 'any'],
  ['running', 'running'],
  ['failed', 'failed'],
  ['passed', 'passed'],
  ['cancelled', 'cancelled'],
  ['abandoned', 'abandoned'],
] as const;

export interface PageProps {
  readonly query: Readonly<Record<string, string>>;
  readonly narrow: (change: Query) => void;
  readonly facts: (DashboardFacts & Facets) | undefined;
}

/** Pipeline, branch, commit, machine, node: what most lists are narrowed by. */
export function CommonFields({ query, narrow, facts }: PageProps) {
  return (
    <>
      <TextField label="Pipeline" name="pipeline" query={query} onChange={narrow} list={facts?.pipelines ?? []} />
      <TextField label="Branch" name="branch" query={query} onChange={narrow} list={facts?.branches ?? []} />
      <TextField label="Commit" name="commit" query={query} onChange={narrow} />
      <TextField label="Machine" name="machine" query={query} onChange={narrow} list={facts?.machines ?? []} />
      <TextField label="Node" name="node" query={query} onChange={narrow} />
    </>
  );
}

export function RunsPage({ query, narrow, facts }: PageProps) {
  const limit = Number(query.limit) || STEP;
  const asked = { days: '7', ...query, limit: String(limit) };
  const answer = useAnswer<readonly RunRow[]>('runs', asked, REFRESH_MS);
  const runs = answer.data ?? [];
  const now = useNow(runs.some(({ state }) => state === 'running'));
  return (
    <>
      <PageTitle>Runs</PageTitle>
      {facts?.hasHistory === false ? null : (
        <Filters>
          <CommonFields {...{ query, narrow, facts }} />
          <SelectField label="State" name="state" query={query} onChange={narrow} options={STATES} />
          <SelectField label="Period" name="days" query={query} onChange={narrow} options={PERIODS} />
        </Filters>
      )}
      <Waiting answer={answer} isEmpty={runs.length === 0} empty="No run matches." />
      <ul class="rows">
        {runs.map((run) => (
          <RunItem key={run.id} run={run} nowMs={now} />
        ))}
      </ul>
      {runs.length === limit ? (
        <p class="more">
          <button type="button" class="button" onClick={() => narrow({ limit: String(limit + STEP) })}>
            Show {STEP} more
          </button>
        </p>
      ) : null}
    </>
  );
}

function RunItem({ run, nowMs }: { readonly run: RunRow; readonly nowMs: number }) {
  const { id, runId, pipeline, commit, branch, state, createdAt, wallMs, nodes, items, passed, failed, poison, flaky } =
    run;
  const done = passed + failed + poison;
  const bad = failed + poison;
  return (
    <li class="row run-row">
      <StatusMark status={markOfRun(state)} silent />
      <span class="row-name">
        <a href={runAddress(id)}>{shownName(runId)}</a> <strong class={`run-${state}`}>{state}</strong>
        <span class="row-facts">
          <span class="chip">{pipeline}</span>
          {branch === null ? null : `${shownName(branch)} · `}
          {commit === null ? null : (
            <>
              <code>{shortCommit(commit)}</code> ·{' '}
            </>
          )}
          <span class="ago">{agoText(createdAt, nowMs)}</span> · {countOf(nodes, 'node')} · {formatCount(done)} of{' '}
          {countOf(items, 'item')}
          {bad > 0 ? (
            <>
              , <strong class="is-failed">{formatCount(bad)} failed</strong>
            </>
          ) : null}
          {flaky > 0 ? `, ${formatCount(flaky)} flaky` : ''}
          {run.attempt > 1 ? ` · attempt ${run.attempt}` : ''}
          {run.cancelledBy === null ? '' : ` · by ${shownName(run.cancelledBy)}`}
        </span>
      </span>
      <Progress passed={passed} failed={bad} all={items} label={`Progress of ${runId}`} />
      <span class="duration">{formatDuration(wallMs)}</span>
    </li>
  );
}

interface ProgressProps {
  readonly passed: number;
  readonly failed: number;
  readonly all: number;
  readonly label: string;
}

export function Progress({ passed, failed, all, label }: ProgressProps) {
  const share = (count: number) => `${all === 0 ? 0 : (100 * count) / all}%`;
  return (
    <span
      class="progress"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={Math.max(1, all)}
      aria-valuenow={Math.min(passed + failed, Math.max(1, all))}
    >
      <span class="progress-failed" style={{ width: share(failed) }} />
      <span class="progress-passed" style={{ width: share(passed) }} />
    </span>
  );
}
