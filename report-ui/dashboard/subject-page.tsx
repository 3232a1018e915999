/** One file, or one of its tests, over time. */
import { useMemo } from 'preact/hooks';
import { errorLine } from '../../src/blob/error-line';
import type { ExecutionRow } from '../../src/reports/dashboard/data';
import { shownError } from '../../src/reports/run-report/shown-error';
import { countOf, formatCount, formatDuration } from '../../src/reports/terminal/format';
import { agoText } from '../../src/reports/terminal/relative-time';
import { shownName } from '../model/shown-name';
import { AnsiText } from '../parts/ansi-text';
import { RepeatCommand } from '../parts/command-line';
import { MoreList } from '../parts/more-list';
import { FilePath } from '../parts/names';
import { PageTitle } from '../parts/page-title';
import { type MarkStatus, StatusMark } from '../parts/status-mark';
import { type Query, runAddress, subjectAddress } from './address';
import { DurationChart } from './duration-chart';
import { Filters, PERIODS, SelectField, SubjectLink, shortCommit, TextField, Waiting } from './parts';
import { useAnswer } from './use-answer';

interface SubjectPageProps {
  readonly path: string;
  readonly isTest: boolean;
  readonly query: Readonly<Record<string, string>>;
  readonly narrow: (change: Query) => void;
  readonly pipelines: readonly string[];
}

function markOfExecution({ outcome, decision }: Pick<ExecutionRow, 'outcome' | 'decision'>): MarkStatus {
  if (decision === 'lost') return 'error';
  if (outcome === 'passed') return decision === 'accepted' ? 'passed' : 'skipped';
  if (outcome === 'failed' || outcome === 'poison') return decision === 'accepted' ? 'failed' : 'flaky';
  return 'skipped';
}

export function SubjectPage({ path, isTest, query, narrow, pipelines }: SubjectPageProps) {
  const test = isTest ? (query.name ?? '') : undefined;
  const file = { project: query.project ?? null, path };
  const days = query.days ?? '30';
  const asked = { path, project: query.project, test, pipeline: query.pipeline, days };
  const answer = useAnswer<readonly ExecutionRow[]>('executions', asked);
  const rows = answer.data ?? [];
  const facts = useMemo(() => summaryOf(rows), [rows]);
  const tests = useMemo(() => failingTests(rows), [rows]);
  return (
    <>
      {isTest ? (
        <p class="crumbs">
          <SubjectLink file={file} pipeline={query.pipeline} />
        </p>
      ) : null}
      <PageTitle>{isTest ? shownName(test ?? '') : <FilePath project={file.project} path={path} />}</PageTitle>
      <Filters>
        <TextField label="Pipeline" name="pipeline" query={query} onChange={narrow} list={pipelines} />
        <SelectField label="Period" name="days" query={{ days, ...query }} onChange={narrow} options={PERIODS} />
      </Filters>
      <Waiting answer={answer} isEmpty={rows.length === 0} empty="It did not run in this period." />
      {rows.length === 0 ? null : (
        <>
          <p>{facts}</p>
          <DurationChart rows={rows} />
          <RepeatCommand test={{ file, name: test ?? null }} label={`repeat ${test ?? path}`} />
          {tests.length === 0 || isTest ? null : (
            <section aria-labelledby="failing">
              <h2 id="failing">Tests that failed</h2>
              <ul class="rows">
                {tests.map(([name, count]) => (
                  <li key={name} class="row">
                    <StatusMark status="failed" silent />
                    <span class="row-name">
                      <a href={subjectAddress({ ...file, test: name, pipeline: query.pipeline })}>{shownName(name)}</a>
                    </span>
                    <span class="duration">{countOf(count, 'time')}</span>
                  </li>
                ))}
              </ul>
            </section>
          )}
          <section aria-labelledby="executions">
            <h2 id="executions">{countOf(rows.length, 'execution')}, newest first</h2>
            <MoreList
              items={rows}
              step={50}
              noun="execution"
              name={`executions ${JSON.stringify(asked)}`}
              className="rows"
            >
              {(row) => (
                <Execution
                  key={`${row.id} ${row.attempt} ${row.claimNumber} ${row.finishedAt} ${row.part}`}
                  row={row}
                />
              )}
            </MoreList>
          </section>
        </>
      )}
    </>
  );
}

function Execution({ row }: { readonly row: ExecutionRow }) {
  const { id, runId, commit, part, node, machine, decision, outcome, durationMs, finishedAt, error } = row;
  return (
    <li class="row execution">
      <StatusMark status={markOfExecution(row)} silent />
      <span class="row-name">
        {outcome ?? decision}
        {decision === 'accepted' ? '' : ` (${decision})`} · <a href={runAddress(id)}>{shownName(runId)}</a>
        <span class="row-facts">
          {agoText(finishedAt, Date.now())}
          {commit === null ? null : (
            <>
              {' '}
              · <code>{shortCommit(commit)}</code>
            </>
          )}
          {node === null ? '' : ` · node ${node}`}
          {machine === null ? '' : ` on ${machine}`}
          {part === null ? '' : ` · ${part}`}
        </span>
        {error === null || outcome === 'passed' ? null : (
          <details>
            <summary class="first-error">{errorLine(error)}</summary>
            <AnsiText text={shownError(error)} label={`Error in run ${runId}`} isError />
          </details>
        )}
      </span>
      <span class="duration">{durationMs === null ? '' : formatDuration(durationMs)}</span>
    </li>
  );
}

function summaryOf(rows: readonly ExecutionRow[]): string {
  const failed = rows.filter(({ outcome }) => outcome === 'failed' || outcome === 'poison').length;
  const durations = rows.flatMap(({ outcome, durationMs }) =>
    outcome === 'passed' && durationMs !== null ? [durationMs] : [],
  );
  const sorted = [...durations].sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)];
  return [
    `${countOf(rows.length, 'execution')}, ${failed === 0 ? 'none' : formatCount(failed)} failed`,
    ...(median === undefined
      ? []
      : [`median ${formatDuration(median)}`, `longest ${formatDuration(sorted.at(-1) ?? 0)}`]),
  ].join(', ');
}

/** By how often they failed. */
function failingTests(rows: readonly ExecutionRow[]): (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const { failed } of rows) for (const { test } of failed) counts.set(test, (counts.get(test) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a).slice(0, 50);
}
