/** The pages of one file and of one test. */
import { countOf, formatCount, formatDuration } from '../../src/reports/durations';
import { repeatTest } from '../../src/reports/run-report/repeat-test';
import type { FileEntry, TestEntry } from '../model/report-index';
import { CommandLine } from '../parts/command-line';
import { ConsoleOutput } from '../parts/console-output';
import { FailureBody, FailureCard, failureName } from '../parts/failure-card';
import { MoreList } from '../parts/more-list';
import { FileLink, FilePath } from '../parts/names';
import { PageTitle } from '../parts/page-title';
import { StatusMark } from '../parts/status-mark';
import { TestRow } from './lists';

export function FilePage({ file }: { readonly file: FileEntry }) {
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
            {run.worker === null ? '' : `, worker ${run.worker}`}: {formatDuration(run.durationMs)} from{' '}
            {formatDuration(run.startOffsetMs)}
            {run.parts === null ? '' : `, ${run.parts.join(', ')}`}
          </li>
        ))}
      </ul>
      <CommandLine words={repeatTest(file, null)} label={`repeat ${file.path}`} />
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
      <ConsoleOutput file={file} />
      <section aria-labelledby="tests">
        <h2 id="tests">Tests</h2>
        {missing > 0 ? (
          <p class="left-out">{countOf(missing, 'more test')} passed or were skipped and are not listed.</p>
        ) : null}
        {file.tests.length === 0 && missing === 0 ? <p class="empty">No test of this file ran.</p> : null}
        <MoreList
          items={file.tests}
          step={200}
          noun="test"
          name={`tests of ${file.project} ${file.path}`}
          className="rows"
        >
          {(test) => <TestRow key={test} test={test} hasFile={false} />}
        </MoreList>
      </section>
    </>
  );
}

export function TestPage({ test }: { readonly test: TestEntry }) {
  const status = test.isFlaky ? 'flaky' : test.status;
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
        {test.isFlaky ? ` (passed at try ${test.invocations})` : ''}
        {test.invocations > 1 && test.status === 'failed' ? ` at each of ${test.invocations} tries` : ''}
        {test.durationMs === null ? '' : `, ${formatDuration(test.durationMs)}`}, on node {test.run.node}
        {test.run.worker === null ? '' : `, worker ${test.run.worker}`}
      </p>
      {test.failure === null ? (
        <CommandLine words={repeatTest(test.file, test.name)} label={`repeat ${test.name}`} />
      ) : (
        <FailureBody failure={test.failure} />
      )}
      {test.failure === null ? null : <ConsoleOutput file={test.file} />}
    </>
  );
}
