import { flakyHeadline, outcomeText, tryText } from '../../src/reports/run-report/tries-view';
import { formatDuration } from '../../src/reports/terminal/format';
import type { ReportIndex, RetryEntry } from '../model/report-index';
import { NO_FILTER, writeRoute } from '../model/route';
import { AnsiText } from './ansi-text';
import { FileLink, TestLink, TestTitle } from './names';
import { StatusMark } from './status-mark';

const shown = 10;

/** What passed only on a later try: each by its name and its first error. */
export function FlakySection({ index }: { readonly index: ReportIndex }) {
  const { flaky, report } = index;
  const headline = flakyHeadline(report);
  if (headline === null) return null;
  return (
    <section aria-labelledby="flaky">
      <h2 id="flaky">{headline.replace(/^f/, 'F')}</h2>
      <ul class="cards">
        {flaky.slice(0, shown).map((retry) => (
          <FlakyCard key={retry} index={index} retry={retry} />
        ))}
      </ul>
      {flaky.length > shown ? (
        <p>
          <a href={writeRoute({ page: 'tests', filter: { ...NO_FILTER, status: 'flaky' } })}>All flaky tests</a>
        </p>
      ) : null}
    </section>
  );
}

function FlakyCard({ index, retry }: { readonly index: ReportIndex; readonly retry: RetryEntry }) {
  const { file, test, firstError, entry } = retry;
  return (
    <li class="failure flaky">
      <details>
        <summary>
          <StatusMark status="flaky" />
          <span class="failure-name">
            {entry.titles === null ? (
              <span class="title">The file as a whole</span>
            ) : (
              <TestTitle titles={entry.titles} />
            )}
            <span class="where">
              {entry.project === null ? null : <span class="chip">{entry.project}</span>}
              <span class="path">{entry.path}</span> <span class="node">{outcomeText(index.report, entry)}</span>
            </span>
            <span class="first-error">{firstError}</span>
          </span>
        </summary>
        <Tries index={index} retry={retry} />
        <p class="links">
          {test === null ? null : (
            <>
              Test: <TestLink test={test} />
              <br />
            </>
          )}
          {file === null ? null : (
            <>
              File: <FileLink file={file} />
            </>
          )}
        </p>
      </details>
    </li>
  );
}

/** Every execution that does not count, with its errors. */
export function Tries({ index: { report }, retry }: { readonly index: ReportIndex; readonly retry: RetryEntry }) {
  const { entry, name } = retry;
  const hidden = entry.executions - entry.tries.length - (entry.file === null ? 0 : 1);
  return (
    <ol class="tries">
      {entry.tries.map((one, place) => (
        <li key={place}>
          <p>
            {tryText(report, one, place).replace(/^t/, 'T')}
            {one.startOffsetMs === null ? null : (
              <span class="quiet"> · started at {formatDuration(Math.max(0, one.startOffsetMs))}</span>
            )}
          </p>
          {one.messages.map((message, error) => (
            <AnsiText key={error} text={message} label={`Error ${error + 1} of try ${place + 1} of ${name}`} />
          ))}
          {one.outcome === 'failed' && one.messages.length === 0 ? <p class="empty">Its error was not kept.</p> : null}
        </li>
      ))}
      {hidden > 0 ? <li class="empty">and {hidden} more</li> : null}
    </ol>
  );
}
