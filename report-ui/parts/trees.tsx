/** Files by folder, and tests by describe block. */
import { useState } from 'preact/hooks';
import { countOf, formatCount, formatDuration } from '../../src/reports/terminal/format';
import type { FolderNode, SuiteNode } from '../model/file-tree';
import type { FileEntry, TestEntry } from '../model/report-index';
import { shownName } from '../model/shown-name';
import { FileLink, TestLink } from './names';
import { StatusMark } from './status-mark';

/** Below it a folder is open at first: of ten folders everything is seen, of a thousand nothing would be. */
const OPEN_UP_TO = 12;

/** Rows of one folder at a time. */
const MOST_ROWS = 200;

export function FolderTree({ root }: { readonly root: FolderNode }) {
  return (
    <div class="tree">
      <Folder node={root} depth={0} isOnly={root.fileCount <= OPEN_UP_TO} />
    </div>
  );
}

function Folder({
  node,
  depth,
  isOnly,
}: {
  readonly node: FolderNode;
  readonly depth: number;
  readonly isOnly: boolean;
}) {
  const [isOpen, open] = useState(depth === 0 || isOnly || node.failedFiles > 0);
  const body = (
    <>
      {node.folders.map((folder) => (
        <Folder key={folder.path} node={folder} depth={depth + 1} isOnly={isOnly} />
      ))}
      <ul class="rows">
        {node.files.slice(0, MOST_ROWS).map((file) => (
          <FileLeaf key={`${file.project} ${file.path}`} file={file} />
        ))}
        {node.files.length > MOST_ROWS ? (
          <li class="row">and {countOf(node.files.length - MOST_ROWS, 'more file')}; search for them</li>
        ) : null}
      </ul>
    </>
  );
  if (depth === 0) return body;
  return (
    <details open={isOpen} onToggle={({ currentTarget }) => open(currentTarget.open)}>
      <summary>
        <span class="tree-name">{shownName(node.name)}/</span>{' '}
        <span class="quiet">
          {countOf(node.fileCount, 'file')}
          {node.failedFiles > 0 ? <strong class="is-failed">, {formatCount(node.failedFiles)} failed</strong> : null},{' '}
          {formatDuration(node.durationMs)}
        </span>
      </summary>
      {isOpen ? body : null}
    </details>
  );
}

function FileLeaf({ file }: { readonly file: FileEntry }) {
  return (
    <li class="row">
      <StatusMark status={file.status} />
      <span class="row-name">
        <FileLink file={file} />
      </span>
      <span class="duration">{formatDuration(file.durationMs)}</span>
    </li>
  );
}

export function SuiteTree({ suite }: { readonly suite: SuiteNode }) {
  return (
    <div class="tree">
      <Tests tests={suite.tests} />
      {suite.suites.map((one) => (
        <Suite key={one.title} suite={one} isSmall={suite.count <= MOST_ROWS} />
      ))}
    </div>
  );
}

function Suite({ suite, isSmall }: { readonly suite: SuiteNode; readonly isSmall: boolean }) {
  const [isOpen, open] = useState(isSmall || suite.failed > 0);
  return (
    <details open={isOpen} onToggle={({ currentTarget }) => open(currentTarget.open)}>
      <summary>
        <span class="tree-name">{shownName(suite.title)}</span>{' '}
        <span class="quiet">
          {countOf(suite.count, 'test')}
          {suite.failed > 0 ? <strong class="is-failed">, {formatCount(suite.failed)} failed</strong> : null}
        </span>
      </summary>
      {isOpen ? (
        <>
          <Tests tests={suite.tests} />
          {suite.suites.map((one) => (
            <Suite key={one.title} suite={one} isSmall={isSmall} />
          ))}
        </>
      ) : null}
    </details>
  );
}

function Tests({ tests }: { readonly tests: readonly TestEntry[] }) {
  return (
    <ul class="rows">
      {tests.slice(0, MOST_ROWS).map((test) => (
        <li key={`${test.name} ${test.occurrence}`} class="row">
          <StatusMark status={test.isFlaky ? 'flaky' : test.status} />
          <span class="row-name">
            <TestLink test={{ ...test, titles: test.titles.slice(-1) }} />
            <span class="row-facts">
              node {test.run.node}
              {test.isFlaky ? ` · passed at try ${test.retry?.entry.executions}, after: ${test.retry?.firstError}` : ''}
            </span>
          </span>
          <span class="duration">{test.durationMs === null ? '' : formatDuration(test.durationMs)}</span>
        </li>
      ))}
      {tests.length > MOST_ROWS ? <li class="row">and {countOf(tests.length - MOST_ROWS, 'more test')}</li> : null}
    </ul>
  );
}
