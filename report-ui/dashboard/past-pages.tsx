/** Pages over many runs: failures of a period, flaky, slow. */
import { useMemo } from 'preact/hooks';
import { errorLine } from '../../src/blob/error-line';
import type { FlakyEntry, SlowEntry } from '../../src/queue/history';
import type { PastFailure } from '../../src/reports/dashboard/data';
import { findingText } from '../../src/reports/history/campaign-text';
import { shownError } from '../../src/reports/run-report/shown-error';
import { countOf, formatCount, formatDuration } from '../../src/reports/terminal/format';
import { agoText } from '../../src/reports/terminal/relative-time';
import { shownName } from '../model/shown-name';
import { AnsiText } from '../parts/ansi-text';
import { CommandLine } from '../parts/command-line';
import { MoreList } from '../parts/more-list';
import { FilePath } from '../parts/names';
import { PageTitle } from '../parts/page-title';
import { StatusMark } from '../parts/status-mark';
import { FailureGroups, type ShownFailure } from './failures';
import { Filters, PERIODS, SelectField, SubjectLink, TextField, Waiting } from './parts';
import { CommonFields, type PageProps } from './runs-page';
import { useAnswer } from './use-answer';

const ago = (time: string): string => agoText(time, Date.now());

/** What the server gives at most. */
const MOST_FAILURES = 300;

function shownFailure(failure: PastFailure, place: number): ShownFailure {
  const { id, runId, pipeline, file, test, error, node, machine, isCounted, finishedAt } = failure;
  const where = [
    ...[`run ${runId}`, ago(finishedAt)],
    ...(node === null ? [] : [`node ${node}${machine === null ? '' : ` on ${machine}`}`]),
  ].join(' · ');
  return {
    ...{ key: `${place} ${id} ${file.path} ${test}`, file, test, messages: [shownError(error)], where, pipeline },
    run: { id, runId },
    ...(!isCounted && { note: 'does not count' }),
  };
}

export function FailuresPage(props: PageProps) {
  const { query, narrow } = props;
  const answer = useAnswer<readonly PastFailure[]>('failures', { days: '7', limit: String(MOST_FAILURES), ...query });
  const shown = useMemo(() => (answer.data ?? []).map(shownFailure), [answer.data]);
  const title = query.machine ? `Failures on ${query.machine}` : 'Failures';
  return (
    <>
      <PageTitle>{title}</PageTitle>
      <Filters>
        <CommonFields {...props} />
        <SelectField label="Period" name="days" query={query} onChange={narrow} options={PERIODS} />
      </Filters>
      <Waiting answer={answer} isEmpty={shown.length === 0} empty="Nothing failed." />
      {shown.length === 0 ? null : (
        <p>
          {countOf(shown.length, 'failure')}
          {shown.length >= MOST_FAILURES ? ', the newest ones; narrow the filters for others' : ''}
        </p>
      )}
      <FailureGroups failures={shown} name={`failures ${JSON.stringify(query)}`} />
    </>
  );
}

export function FlakyPage({ query, narrow, facts }: PageProps) {
  const answer = useAnswer<readonly FlakyEntry[]>('flaky', { days: '7', limit: '200', ...query });
  const entries = answer.data ?? [];
  return (
    <>
      <PageTitle>Flaky</PageTitle>
      <p class="quiet">What passed and failed on one commit, most failures first.</p>
      <Filters>
        <TextField label="Pipeline" name="pipeline" query={query} onChange={narrow} list={facts?.pipelines ?? []} />
        <SelectField label="Period" name="days" query={query} onChange={narrow} options={PERIODS} />
      </Filters>
      <Waiting answer={answer} isEmpty={entries.length === 0} empty="Nothing was flaky." />
      <MoreList items={entries} step={50} noun="entry" name={`flaky ${JSON.stringify(query)}`} className="cards">
        {(entry) => (
          <FlakyItem key={`${entry.pipeline} ${entry.file.project} ${entry.file.path} ${entry.test}`} entry={entry} />
        )}
      </MoreList>
    </>
  );
}

function FlakyItem({ entry }: { readonly entry: FlakyEntry }) {
  const { file, test, pipeline, commits, passed, failed, lastAt, failures, lastCampaign } = entry;
  const first = failures.find(({ error }) => error !== null)?.error ?? null;
  return (
    <li class="failure flaky">
      <details>
        <summary>
          <StatusMark status="flaky" />
          <span class="failure-name">
            <span class="title">{test === null ? 'The file as a whole' : shownName(test)}</span>
            <span class="where">
              <FilePath project={file.project} path={file.path} />{' '}
              <span class="node">
                failed {formatCount(failed)} of {countOf(passed + failed, 'time')} on {countOf(commits, 'commit')}, last{' '}
                {ago(lastAt)}
              </span>
            </span>
            {first === null ? null : <span class="first-error">{errorLine(first)}</span>}
            {lastCampaign === null ? null : (
              <span class="where">
                {findingText(lastCampaign)}, {ago(lastCampaign.finishedAt)}
              </span>
            )}
          </span>
        </summary>
        {lastCampaign?.command ? <CommandLine words={lastCampaign.command} label="see its failure again" /> : null}
        <ul class="tries">
          {failures.slice(0, 10).map((one, place) => (
            <li key={place}>
              <p>
                Run {one.runId}
                {one.node === null ? '' : `, node ${one.node}`}, {ago(one.finishedAt)}
                {one.wasRerun ? ', tried again by Jest' : ''}
              </p>
              {one.error === null ? (
                <p class="empty">Its error was not kept.</p>
              ) : (
                <AnsiText text={shownError(one.error)} label={`Error in run ${one.runId}`} isError />
              )}
            </li>
          ))}
        </ul>
        <p class="links">
          Over time: <SubjectLink file={file} test={test} pipeline={pipeline} />
        </p>
      </details>
    </li>
  );
}

export function SlowPage({ query, narrow, facts }: PageProps) {
  const of = query.of === 'tests' ? 'tests' : 'files';
  const answer = useAnswer<readonly SlowEntry[]>(`slow/${of}`, { days: '7', limit: '200', ...query });
  const entries = answer.data ?? [];
  const longest = Math.max(1, ...entries.map(({ meanMs }) => meanMs));
  return (
    <>
      <PageTitle>Slow</PageTitle>
      <p class="quiet">By mean duration of what passed.</p>
      <Filters>
        <SelectField
          label="Of"
          name="of"
          query={query}
          onChange={narrow}
          options={[
            ['files', 'files'],
            ['tests', 'tests'],
          ]}
        />
        <TextField label="Pipeline" name="pipeline" query={query} onChange={narrow} list={facts?.pipelines ?? []} />
        <SelectField label="Period" name="days" query={query} onChange={narrow} options={PERIODS} />
      </Filters>
      <Waiting answer={answer} isEmpty={entries.length === 0} empty="Nothing passed in this period." />
      <MoreList items={entries} step={50} noun="entry" name={`slow ${JSON.stringify(query)}`} className="rows">
        {({ pipeline, file, test, executions, meanMs, longestMs }) => (
          <li key={`${pipeline} ${file.project} ${file.path} ${test}`} class="row">
            <span class="row-name">
              <SubjectLink file={file} test={test} pipeline={pipeline} />
              <span class="row-facts">
                {test === null ? null : (
                  <>
                    <FilePath project={file.project} path={file.path} /> ·{' '}
                  </>
                )}
                {pipeline} · {countOf(executions, 'execution')}, longest {formatDuration(longestMs)}
              </span>
            </span>
            <span class="row-bar" aria-hidden="true">
              <span style={{ width: `${(100 * meanMs) / longest}%` }} />
            </span>
            <span class="duration">{formatDuration(meanMs)}</span>
          </li>
        )}
      </MoreList>
    </>
  );
}
