/** The pages of one file and of one test. */
import { splitText } from '../../src/reports/run-report/split-reasons';
import { countOf, formatCount, formatDuration } from '../../src/reports/terminal/format';
import { treeOfTests } from '../model/file-tree';
import { orderText } from '../model/order';
import type { FileEntry, ReportIndex, TestEntry } from '../model/report-index';
import { workerText } from '../model/worker-text';
import { RepeatCommand } from '../parts/command-line';
import { ConsoleOutput } from '../parts/console-output';
import { FailureBody, FailureCard, failureName } from '../parts/failure-card';
import { Tries } from '../parts/flaky-cards';
import { MoreList } from '../parts/more-list';
import { FileLink, FilePath } from '../parts/names';
import { PageTitle } from '../parts/page-title';
import { StatusMark } from '../parts/status-mark';
import { SuiteTree } from '../parts/trees';

export function FilePage({ index, file }: { readonly index: ReportIndex; readonly file: FileEntry }) {
  const wholeFailures = file.failures.filter(({ test }) => test === null);
  const missing = file.testCount - file.tests.length;
  return (
    <>
      <PageTitle>
        <StatusMark status={file.status} /> <FilePath project={file.project} path={file.path} />
      </PageTitle>
      <p>
        {countOf(file.testCount, 'test')}
        {file.failedCount > 0 ? `, ${formatCount(file.failedCount)} failed` : ''}, {formatDuration(file.durationMs)}
        {file.runs.length > 1 ? ` in ${file.runs.length} parts` : ''}
      </p>
      <ul class="plain">
        {file.runs.map((run) => (
          <li key={run}>
            Node {run.node}
            {workerText(run)}: {formatDuration(run.durationMs)} from {formatDuration(run.startOffsetMs)}
            {run.parts === null ? '' : `, ${run.parts.join(', ')}`}
            <OrderText text={orderText(index.report, run)} />
          </li>
        ))}
      </ul>
      <SplitReason index={index} file={file} />
      <RepeatCommand test={{ file, name: null }} label={`repeat ${file.path}`} />
      {file.failures.length > 0 ? (
        <section aria-labelledby="failures">
          <h2 id="failures">{countOf(file.failures.length, 'failure')}</h2>
          {wholeFailures.map((failure) => (
            <FailureBody key={failureName(failure)} failure={failure} />
          ))}
          <MoreList
            items={file.failures.filter(({ test }) => test !== null)}
            step={50}
            noun="failure"
            name={`failures of ${file.project} ${file.path}`}
            className="cards"
          >
            {(failure, place) => (
              <FailureCard key={`${failureName(failure)} ${place}`} failure={failure} isOpen={place < 10} />
            )}
          </MoreList>
        </section>
      ) : null}
      {file.retries.map((retry) => (
        <section key={retry} aria-labelledby="tries">
          <h2 id="tries">Earlier tries of the file</h2>
          <Tries index={index} retry={retry} />
        </section>
      ))}
      <ConsoleOutput file={file} />
      <section aria-labelledby="tests">
        <h2 id="tests">Tests</h2>
        {missing > 0 ? (
          <p class="left-out">{countOf(missing, 'more test')} passed or were skipped and are not listed.</p>
        ) : null}
        {file.tests.length === 0 && missing === 0 ? <p class="empty">No test of this file ran.</p> : null}
        <SuiteTree suite={treeOfTests(file.tests)} name={`${file.project} ${file.path}`} />
      </section>
    </>
  );
}

/** Why it ran in parts. */
function SplitReason({ index, file }: { readonly index: ReportIndex; readonly file: FileEntry }) {
  const split = index.report.splits?.find(({ project, path }) => project === file.project && path === file.path);
  return split === undefined ? null : <p class="quiet">{splitText(split)}</p>;
}

/** What ran before and beside it, where that is known. */
function OrderText({ text }: { readonly text: string }) {
  return text === '' ? null : <div class="quiet">{text}</div>;
}

export function TestPage({ index, test }: { readonly index: ReportIndex; readonly test: TestEntry }) {
  const status = test.isFlaky ? 'flaky' : test.status;
  const tries = test.retry?.entry.executions ?? 1;
  return (
    <>
      <p class="crumbs">
        <FileLink file={test.file} />
        {test.titles.slice(0, -1).map((suite) => (
          <span key={suite}> › {suite}</span>
        ))}
      </p>
      <PageTitle>
        <StatusMark status={status} /> {test.titles.at(-1)}
      </PageTitle>
      <p>
        {status}
        {tries > 1 && test.status === 'passed' ? ` (passed at try ${tries})` : ''}
        {tries > 1 && test.status === 'failed' ? ` at each of ${tries} tries` : ''}
        {test.durationMs === null ? '' : `, ${formatDuration(test.durationMs)}`}, on node {test.run.node}
        {workerText(test.run)}
      </p>
      {test.failure === null ? (
        <RepeatCommand test={{ file: test.file, name: test.name }} label={`repeat ${test.name}`} />
      ) : (
        <FailureBody failure={test.failure} />
      )}
      {test.retry === null ? null : (
        <section aria-labelledby="tries">
          <h2 id="tries">Earlier tries</h2>
          <Tries index={index} retry={test.retry} />
        </section>
      )}
      {test.failure === null ? null : <ConsoleOutput file={test.file} />}
    </>
  );
}
