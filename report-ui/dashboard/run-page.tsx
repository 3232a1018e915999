/** One run, while it lasts and afterwards. */
import { useContext, useMemo, useRef, useState } from 'preact/hooks';
import type { RunFacts } from '../../src/reports/dashboard/data';
import type { FollowEnd } from '../../src/reports/live/event-source';
import { FILE_STATUSES, type FileRow } from '../../src/reports/live/file-log';
import { isOpen, isRed, type LiveFailure, type LiveNode, type LiveState } from '../../src/reports/live/state';
import { NO_LINKS } from '../../src/reports/run-report/report-links';
import { repeatAllFailed } from '../../src/reports/run-report/reproduce-failures';
import type { ReportFile } from '../../src/reports/run-report/run-report';
import { shownError } from '../../src/reports/run-report/shown-error';
import { countOf, formatClock, formatCount, formatDuration } from '../../src/reports/terminal/format';
import { shownName } from '../model/shown-name';
import { CommandContext, CommandLine } from '../parts/command-line';
import { Lanes, type Selected } from '../parts/lanes';
import { MoreList } from '../parts/more-list';
import { PageTitle } from '../parts/page-title';
import { type MarkStatus, StatusMark } from '../parts/status-mark';
import { LinksContext, WebLink } from '../parts/web-link';
import { listAddress, runAddress } from './address';
import { FailureGroups, type ShownFailure } from './failures';
import { type LiveRun, useLiveRun, useNow } from './live-run';
import { HistoryContext, markOfNode, SubjectLink, shortCommit, Trouble, Waiting } from './parts';
import { liveTimeline } from './run-timeline';
import { Progress } from './runs-page';
import { useAnswer } from './use-answer';

const TABS = [
  ['', 'Overview'],
  ['failures', 'Failures'],
  ['timeline', 'Timeline'],
  ['files', 'Files'],
] as const;

export function RunPage({ id, tab }: { readonly id: string; readonly tab: string }) {
  const facts = useAnswer<RunFacts>(`runs/${encodeURIComponent(id)}`, {});
  const { run, outage } = useLiveRun(id);
  const { data } = facts;
  if (data === undefined || run === undefined) {
    return (
      <>
        <PageTitle>Run {data?.runId ?? ''}</PageTitle>
        <Waiting answer={facts} isEmpty={false} empty="" />
        {facts.error === null ? <Trouble text={outage} /> : null}
      </>
    );
  }
  const repeat = run.state.run.repeat ?? data.repeat;
  return (
    <CommandContext.Provider value={{ repeat, runner: data.runner }}>
      <LinksContext.Provider value={data.links ?? NO_LINKS}>
        <RunView facts={data} run={run} tab={tab} outage={outage} />
      </LinksContext.Provider>
    </CommandContext.Provider>
  );
}

interface ViewProps {
  readonly facts: RunFacts;
  readonly run: LiveRun;
}

/** Failures that were not taken back come first. */
function failuresOf({ failures, nodes }: LiveState): {
  readonly open: LiveFailure[];
  readonly recovered: LiveFailure[];
  readonly names: ReadonlyMap<number, string>;
} {
  return {
    open: failures.filter(isOpen),
    recovered: failures.filter((failure) => !isOpen(failure)),
    names: new Map(nodes.map(({ number, name }) => [number, name])),
  };
}

function shownFailure(
  failure: LiveFailure,
  place: number,
  names: ReadonlyMap<number, string>,
  facts: RunFacts,
): ShownFailure {
  const { file, test, error, node, isRecovered, isCounted } = failure;
  const note = isRecovered ? 'passed on a later try' : isCounted ? undefined : 'does not count: sent on by the queue';
  return {
    ...{ key: `${place} ${file.path} ${test}`, file, test, messages: [shownError(error)], pipeline: facts.pipeline },
    where: `node ${names.get(node) ?? node}`,
    ...(note !== undefined && { note }),
  };
}

type Verdict = FollowEnd | 'running' | 'passed' | 'failed';

function verdictOf({ state, end }: LiveRun): Verdict {
  if (end === null && state.endedAt === null) return 'running';
  if (end !== null && end !== 'finished') return end;
  return isRed(state) ? 'failed' : 'passed';
}

const verdictMarks: Readonly<Record<Verdict, MarkStatus>> = {
  ...{ running: 'todo', passed: 'passed', failed: 'failed', finished: 'passed', cancelled: 'skipped' },
  ...{ abandoned: 'warning', gone: 'warning', stopped: 'skipped' },
};

function RunView({ facts, run, tab, outage }: ViewProps & { readonly tab: string; readonly outage: string | null }) {
  const { state } = run;
  const failures = useMemo(() => failuresOf(state), [state.failures, state.nodes.length]);
  const verdict = verdictOf(run);
  const isRunning = verdict === 'running';
  const now = useNow(isRunning) + run.skewMs;
  const { links } = facts;
  return (
    <>
      <PageTitle>
        <StatusMark status={verdictMarks[verdict]} silent /> Run {shownName(facts.runId)}{' '}
        <span class={`run-${verdict}`} role="status">
          {verdict}
        </span>
      </PageTitle>
      <p class="facts">
        <span class="chip">{facts.pipeline}</span>
        {facts.branch === null ? null : (
          <span>
            branch <a href={listAddress('runs', { branch: facts.branch })}>{shownName(facts.branch)}</a>
          </span>
        )}
        {facts.commit === null ? null : (
          <span>
            commit{' '}
            <WebLink to={links.commit}>
              <code>{shortCommit(facts.commit)}</code>
            </WebLink>
          </span>
        )}
        {links.run === null ? null : <WebLink to={links.run}>CI run</WebLink>}
        <span>
          {formatDuration((state.endedAt ?? now) - state.startedAt)}
          {isRunning ? leftText(run, now) : ''}
        </span>
      </p>
      <Trouble text={run.end === null ? outage : null} />
      <nav class="tabs" aria-label="Run">
        {TABS.map(([name, text]) => (
          <a key={name} href={runAddress(facts.id, name)} aria-current={tab === name ? 'page' : undefined}>
            {name === 'failures' && failures.open.length > 0 ? `${text} ${formatCount(failures.open.length)}` : text}
          </a>
        ))}
      </nav>
      {tab === '' ? <OverviewTab facts={facts} run={run} now={now} failures={failures} /> : null}
      {tab === 'failures' ? <FailuresTab facts={facts} run={run} failures={failures} /> : null}
      {tab === 'timeline' ? <TimelineTab run={run} now={now} /> : null}
      {tab === 'files' ? <FilesTab facts={facts} run={run} now={now} /> : null}
    </>
  );
}

function leftText({ leftMs, toldAtMs, skewMs }: LiveRun, now: number): string {
  if (leftMs === null) return '';
  const left = leftMs - (now - skewMs - toldAtMs);
  return left > 500 ? `, about ${formatClock(left)} left` : ', nearly done';
}

type Failures = ReturnType<typeof failuresOf>;

function OverviewTab({ facts, run, now, failures }: ViewProps & { readonly now: number; readonly failures: Failures }) {
  const { state } = run;
  const done = state.nodes.reduce((sum, { filesDone }) => sum + filesDone, 0);
  const all = Math.max(state.items, done);
  const failedFiles = new Set(failures.open.map(({ file, part }) => `${file.project}\0${file.path}\0${part}`)).size;
  const testsFailed = failures.open.filter(({ test }) => test !== null).length;
  return (
    <>
      <Progress passed={Math.max(0, done - failedFiles)} failed={failedFiles} all={all} label="Files that have run" />
      <ul class="totals">
        <li>
          <span>
            <strong>{formatCount(done)}</strong> of {countOf(all, 'file')}
          </span>
        </li>
        <li>
          <span class={testsFailed > 0 ? 'is-failed' : undefined}>
            <strong>{formatCount(testsFailed)}</strong> {testsFailed === 1 ? 'test' : 'tests'} failed
          </span>
        </li>
        {state.endedAt === null ? (
          <li>
            <span>
              <strong>{formatCount(state.running.length)}</strong> running
            </span>
          </li>
        ) : null}
        {failures.recovered.length > 0 ? (
          <li>
            <span class="is-flaky">
              <strong>{formatCount(failures.recovered.length)}</strong>{' '}
              {failures.recovered.length === 1 ? 'failure does' : 'failures do'} not count
            </span>
          </li>
        ) : null}
      </ul>
      {failures.open.length === 0 ? null : (
        <section aria-labelledby="failures">
          <h2 id="failures">{countOf(failures.open.length, 'failure')}</h2>
          <FailureGroups
            failures={failures.open.slice(0, 50).map((one, place) => shownFailure(one, place, failures.names, facts))}
            name={`first failures of ${facts.id}`}
            open={1}
          />
          {failures.open.length > 50 ? <a href={runAddress(facts.id, 'failures')}>All failures</a> : null}
        </section>
      )}
      <section aria-labelledby="nodes">
        <h2 id="nodes">{countOf(state.nodes.length, 'node')}</h2>
        <Nodes state={state} now={now} name={`nodes of ${facts.id}`} pipeline={facts.pipeline} />
      </section>
    </>
  );
}

const ranks: Readonly<Record<LiveNode['state'], number>> = {
  ...{ lost: 0, killed: 0, failed: 1, running: 2, starting: 3, ended: 4, passed: 4 },
};

function Nodes({
  state,
  now,
  name,
  pipeline,
}: {
  readonly state: LiveState;
  readonly now: number;
  readonly name: string;
  readonly pipeline: string;
}) {
  const nodes = useMemo(
    () => [...state.nodes].sort((a, b) => ranks[a.state] - ranks[b.state] || a.number - b.number),
    [state.nodes],
  );
  const running = useMemo(() => {
    const byNode = new Map<number, LiveState['running'][number][]>();
    for (const file of state.running) byNode.set(file.node, [...(byNode.get(file.node) ?? []), file]);
    return byNode;
  }, [state.running]);
  if (nodes.length === 0) return <p class="empty">No node has come yet.</p>;
  return (
    <MoreList items={nodes} step={30} noun="node" name={name} className="rows">
      {(node) => {
        const files = [...(running.get(node.number) ?? [])].sort((a, b) => a.startedAt - b.startedAt);
        return (
          <li key={node.number} class="row node-item">
            <StatusMark status={markOfNode(node.state)} silent />
            <span class="row-name">
              <strong>node {shownName(node.name)}</strong> <span class={`node-${node.state}`}>{node.state}</span>
              {node.host === null ? null : <MachineName machine={node.host} />}
              <span class="row-facts">
                {countOf(node.filesDone, 'file')}
                {node.testsFailed > 0 ? (
                  <>
                    , <strong class="is-failed">{countOf(node.testsFailed, 'test')} failed</strong>
                  </>
                ) : null}
              </span>
              {files.slice(0, 4).map(({ file, part, startedAt }) => (
                <span key={`${file.path} ${part}`} class="row-facts">
                  <SubjectLink file={file} pipeline={pipeline} />
                  {part === null ? '' : ` ${part}`} <span class="age">{formatClock(now - startedAt)}</span>
                </span>
              ))}
              {files.length > 4 ? <span class="row-facts">and {files.length - 4} more</span> : null}
            </span>
            <span class="duration">{formatDuration((node.endedAt ?? now) - node.startedAt)}</span>
          </li>
        );
      }}
    </MoreList>
  );
}

/** Leads to what failed on that machine in other runs too. */
function MachineName({ machine }: { readonly machine: string }) {
  const hasHistory = useContext(HistoryContext);
  return (
    <span class="quiet">
      {' '}
      on {hasHistory ? <a href={listAddress('failures', { machine })}>{shownName(machine)}</a> : shownName(machine)}
    </span>
  );
}

function FailuresTab({ facts, run, failures }: ViewProps & { readonly failures: Failures }) {
  const [open, recovered] = useMemo(
    () =>
      [failures.open, failures.recovered].map((list) =>
        list.map((one, place) => shownFailure(one, place, failures.names, facts)),
      ) as [ShownFailure[], ShownFailure[]],
    [failures, facts],
  );
  const words = useMemo(() => {
    const failed = failures.open.map(({ file, test }) => ({ file, name: test }));
    return failed.length < 2 ? null : repeatAllFailed(failed, run.state.run.repeat ?? facts.repeat);
  }, [failures, run.state.run.repeat, facts]);
  return (
    <>
      <section aria-labelledby="failures">
        <h2 id="failures">{countOf(open.length, 'failure')}</h2>
        {open.length === 0 ? <p class="empty">Nothing has failed.</p> : null}
        {words === null ? null : <CommandLine words={words} label="repeat all failed tests" />}
        <FailureGroups failures={open} name={`failures of ${facts.id}`} />
      </section>
      {recovered.length === 0 ? null : (
        <section aria-labelledby="recovered">
          <h2 id="recovered">
            {countOf(recovered.length, 'failure')} that {recovered.length === 1 ? 'does' : 'do'} not count
          </h2>
          <FailureGroups failures={recovered} name={`others of ${facts.id}`} open={0} />
        </section>
      )}
    </>
  );
}

/** Drawing 20,000 bars anew takes a while, so not at every event. */
const REDRAW_MS = 2_000;

function TimelineTab({ run, now }: { readonly run: LiveRun; readonly now: number }) {
  const [zoom, setZoom] = useState(1);
  const [selected, select] = useState<Selected | null>(null);
  const moment = run.end === null && run.state.endedAt === null ? Math.floor(now / REDRAW_MS) : 0;
  const last = useRef<LiveRun>(run);
  last.current = run;
  const timeline = useMemo(
    () => liveTimeline(last.current.state, last.current.log.rows, last.current.state.endedAt ?? now),
    [moment, run.end, zoom],
  );
  const { startedAt } = run.state;
  return (
    <section aria-labelledby="timeline">
      <h2 id="timeline">Timeline</h2>
      {run.omitted > 0 ? (
        <p class="left-out">{countOf(run.omitted, 'earlier file')} are not drawn, to keep this page light.</p>
      ) : null}
      <div class="timeline-tools">
        <span class="legend">
          <span class="swatch swatch-passed" /> passed <span class="swatch swatch-failed" /> failed{' '}
          <span class="swatch swatch-running" /> running <span class="swatch swatch-skipped" /> skipped or not counted{' '}
          <span class="swatch swatch-lost" /> lost
        </span>
        <span class="zoom">
          <button
            type="button"
            class="button"
            onClick={() => setZoom(zoom / 2)}
            disabled={zoom === 1}
            aria-label="Zoom out"
          >
            −
          </button>
          <button
            type="button"
            class="button"
            onClick={() => setZoom(zoom * 2)}
            disabled={zoom === 32}
            aria-label="Zoom in"
          >
            +
          </button>
        </span>
      </div>
      <Readout selected={selected?.file ?? null} />
      <Lanes timeline={timeline} zoom={zoom} selected={selected} onSelect={select} matches={undefined} />
      <p class="quiet">Begun {new Date(startedAt).toISOString().replace('T', ' ').slice(0, 19)} UTC.</p>
    </section>
  );
}

function Readout({ selected }: { readonly selected: ReportFile | null }) {
  if (selected === null)
    return (
      <p class="readout quiet">Point at a bar, or focus the timeline and use the arrow keys; Enter opens the file.</p>
    );
  return (
    <p class="readout" role="status">
      <SubjectLink file={selected} />
      <span class="quiet">
        {' '}
        {formatDuration(selected.durationMs)} from {formatDuration(selected.startOffsetMs)} on node {selected.node}
      </span>
    </p>
  );
}

/** What the queue took back, and why it did, is said where the failure is. */
const statusText = (status: (typeof FILE_STATUSES)[number] | undefined): string =>
  status === 'withdrawn' ? 'not counted' : (status ?? '');

const rowMarks: readonly MarkStatus[] = ['passed', 'failed', 'skipped', 'skipped', 'error'];

function FilesTab({ facts, run, now }: ViewProps & { readonly now: number }) {
  const [text, setText] = useState('');
  const { rows } = run.log;
  const { version } = run;
  const shown = useMemo(() => {
    const wanted = text.toLowerCase();
    const found: FileRow[] = [];
    for (let place = rows.length - 1; place >= 0; place--) {
      const row = rows[place] as FileRow;
      if (wanted === '' || row[7].toLowerCase().includes(wanted)) found.push(row);
    }
    return found;
    // The rows grow in place, and the version says so.
  }, [rows, version, text]);
  const names = new Map(run.state.nodes.map(({ number, name }) => [number, name]));
  return (
    <section aria-labelledby="files">
      <h2 id="files">Files, newest first</h2>
      <div class="filters">
        <label class="field">
          <span>Path has</span>
          <input
            type="text"
            autocomplete="off"
            spellcheck={false}
            value={text}
            onInput={({ currentTarget }) => setText(currentTarget.value)}
          />
        </label>
      </div>
      {run.omitted > 0 ? <p class="left-out">{countOf(run.omitted, 'earlier file')} are not listed.</p> : null}
      {text === '' ? (
        <ul class="rows">
          {run.state.running.slice(0, 50).map(({ file, part, node, startedAt }) => (
            <li key={`${node} ${file.path} ${part}`} class="row">
              <StatusMark status="todo" silent />
              <span class="row-name">
                <SubjectLink file={file} pipeline={facts.pipeline} />
                <span class="row-facts">running on node {shownName(names.get(node) ?? String(node))}</span>
              </span>
              <span class="duration">{formatClock(now - startedAt)}</span>
            </li>
          ))}
        </ul>
      ) : null}
      {shown.length === 0 ? <p class="empty">No file.</p> : null}
      <MoreList items={shown} step={100} noun="file" name={`files of ${facts.id} ${text}`} className="rows">
        {([node, startMs, endMs, status, tests, failed, project, path, part]) => (
          <li key={`${node} ${startMs} ${path} ${part}`} class="row">
            <StatusMark status={rowMarks[status] ?? 'note'} silent />
            <span class="row-name">
              <SubjectLink file={{ project, path }} pipeline={facts.pipeline} />
              <span class="row-facts">
                {statusText(FILE_STATUSES[status])} · {countOf(tests, 'test')}
                {failed > 0 ? (
                  <>
                    , <strong class="is-failed">{formatCount(failed)} failed</strong>
                  </>
                ) : null}{' '}
                · node {shownName(names.get(node) ?? String(node))}
                {part === null ? '' : ` · ${part}`}
              </span>
            </span>
            <span class="duration">{formatDuration(endMs - startMs)}</span>
          </li>
        )}
      </MoreList>
    </section>
  );
}
