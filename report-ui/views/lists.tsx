/** The pages that search: failures, timeline, files, tests. */
import { useCallback, useMemo } from 'preact/hooks';
import type { ReportFile } from '../../src/reports/run-report/run-report';
import { countOf, formatCount, formatDuration } from '../../src/reports/terminal/format';
import { groupFailures } from '../model/failure-groups';
import { treeOfFiles } from '../model/file-tree';
import {
  FILE_SORTS,
  FILE_STATUSES,
  type Filter,
  fileMatches,
  filterFiles,
  filterTests,
  TEST_SORTS,
  TEST_STATUSES,
} from '../model/filter';
import type { FailureEntry, FileEntry, ReportIndex, TestEntry } from '../model/report-index';
import { type ListName, writeRoute } from '../model/route';
import { FailureCard, failureName } from '../parts/failure-card';
import { FilterBar } from '../parts/filter-bar';
import { MoreList } from '../parts/more-list';
import { FileLink, FilePath, TestLink } from '../parts/names';
import { PageTitle } from '../parts/page-title';
import { StatusMark } from '../parts/status-mark';
import { Timeline } from '../parts/timeline';
import { FolderTree } from '../parts/trees';

export interface ListProps {
  readonly index: ReportIndex;
  readonly filter: Filter;
  readonly onFilter: (filter: Filter) => void;
}

const nameOf = (page: ListName, filter: Filter): string => writeRoute({ page, filter });

function resultText(shown: number, all: number, noun: string): string {
  return shown === all ? `All ${countOf(all, noun)}` : `${formatCount(shown)} of ${countOf(all, noun)}`;
}

export function FailuresPage({ index, filter, onFilter }: ListProps) {
  const groups = useMemo(
    () => groupFailures(index.failures.filter((failure) => failureMatches(failure, filter))),
    [index, filter],
  );
  const shown = useMemo(() => groups.flatMap(({ failures }) => failures), [groups]);
  const firsts = useMemo(() => new Map(groups.map((group) => [group.failures[0], group])), [groups]);
  const all = index.failures.length;
  return (
    <>
      <PageTitle>Failures</PageTitle>
      {all === 0 ? (
        <p class="empty">No test failed.</p>
      ) : (
        <FilterBar
          {...{ index, filter, statuses: [], sorts: {}, onChange: onFilter }}
          result={resultText(shown.length, all, 'failure')}
        />
      )}
      {all > 0 && shown.length === 0 ? <NothingFound noun="failure" /> : null}
      <MoreList items={shown} step={50} noun="failure" name={nameOf('failures', filter)} className="cards">
        {(failure, place) => (
          <FailureCard
            key={`${failureName(failure)} ${place}`}
            failure={failure}
            isOpen={place < 10 && firsts.has(failure)}
            group={firsts.get(failure)}
          />
        )}
      </MoreList>
    </>
  );
}

function failureMatches({ file, test, run }: FailureEntry, { node, project, text }: Filter): boolean {
  const searched = test?.searched ?? file.searched;
  return (
    (node === '' || String(run.node) === node) &&
    (project === '' || file.project === project) &&
    text
      .toLowerCase()
      .split(/\s+/)
      .every((word) => searched.includes(word))
  );
}

export function FilesPage({ index, filter, onFilter }: ListProps) {
  const shown = useMemo(() => filterFiles(index, filter), [index, filter]);
  const longestMs = index.slowestFiles[0]?.durationMs ?? 0;
  return (
    <>
      <PageTitle>Files</PageTitle>
      <FilterBar
        {...{ index, filter, statuses: FILE_STATUSES, sorts: FILE_SORTS, onChange: onFilter }}
        result={resultText(shown.length, index.files.length, 'file')}
      />
      {shown.length === 0 ? <NothingFound noun="file" /> : null}
      {filter.sort === 'folder' ? (
        <FolderTree key={nameOf('files', filter)} root={treeOfFiles(shown)} />
      ) : (
        <MoreList items={shown} step={200} noun="file" name={nameOf('files', filter)} className="rows">
          {(file) => <FileRow key={file} file={file} longestMs={longestMs} />}
        </MoreList>
      )}
    </>
  );
}

function FileRow({ file, longestMs }: { readonly file: FileEntry; readonly longestMs: number }) {
  const nodes = [...new Set(file.runs.map(({ node }) => node))];
  const width = longestMs > 0 ? `${Math.max(1, (100 * file.durationMs) / longestMs)}%` : '0';
  return (
    <li class="row">
      <StatusMark status={file.status} />
      <span class="row-name">
        <FileLink file={file} />
        <span class="row-facts">
          {countOf(file.testCount, 'test')}
          {file.failedCount > 0 ? <strong class="is-failed">, {formatCount(file.failedCount)} failed</strong> : null}
          {' · '}
          {nodes.length === 1 ? 'node' : 'nodes'} {nodes.join(', ')}
        </span>
      </span>
      <span class="row-bar" aria-hidden="true">
        <span style={{ width }} />
      </span>
      <span class="duration">{formatDuration(file.durationMs)}</span>
    </li>
  );
}

export function TestsPage({ index, filter, onFilter }: ListProps) {
  const shown = useMemo(() => filterTests(index, filter), [index, filter]);
  const omitted = index.report.omitted.tests;
  return (
    <>
      <PageTitle>Tests</PageTitle>
      <FilterBar
        {...{ index, filter, statuses: TEST_STATUSES, sorts: TEST_SORTS, onChange: onFilter }}
        result={resultText(shown.length, index.tests.length, 'test')}
      />
      {omitted > 0 ? (
        <p class="left-out">
          {countOf(omitted, 'more test')} passed or were skipped and are not listed, to keep this page light.
        </p>
      ) : null}
      {shown.length === 0 ? <NothingFound noun="test" /> : null}
      <MoreList items={shown} step={200} noun="test" name={nameOf('tests', filter)} className="rows">
        {(test) => <TestRow key={test} test={test} />}
      </MoreList>
    </>
  );
}

function TestRow({ test }: { readonly test: TestEntry }) {
  return (
    <li class="row">
      <StatusMark status={test.isFlaky ? 'flaky' : test.status} />
      <span class="row-name">
        <TestLink test={test} />
        <span class="row-facts">
          <FilePath project={test.file.project} path={test.file.path} /> · node {test.run.node}
          {test.isFlaky ? ` · passed at try ${test.retry?.entry.executions}, after: ${test.retry?.firstError}` : ''}
        </span>
      </span>
      <span class="duration">{test.durationMs === null ? '' : formatDuration(test.durationMs)}</span>
    </li>
  );
}

export function TimelinePage({ index, filter, onFilter }: ListProps) {
  const hasFilter = filter.status !== '' || filter.node !== '' || filter.project !== '' || filter.text !== '';
  const matches = useCallback(
    (run: ReportFile) => {
      const file = index.fileOf(run);
      if (filter.node !== '' && String(run.node) !== filter.node) return false;
      if (filter.status !== '' && run.status !== filter.status) return false;
      return file !== undefined && fileMatches(file, { ...filter, status: '', node: '' });
    },
    [index, filter],
  );
  const all = index.report.files.length;
  const shown = useMemo(
    () => (hasFilter ? index.report.files.filter(matches).length : all),
    [index, hasFilter, matches, all],
  );
  return (
    <>
      <PageTitle>Timeline</PageTitle>
      <FilterBar
        {...{ index, filter, statuses: FILE_STATUSES, sorts: {}, onChange: onFilter }}
        result={resultText(shown, all, 'file run')}
      />
      <Timeline index={index} matches={hasFilter ? matches : undefined} />
    </>
  );
}

function NothingFound({ noun }: { readonly noun: string }) {
  return <p class="empty">No {noun} matches. Change a filter, or clear them all.</p>;
}
