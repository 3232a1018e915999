/** Files by folder, and tests by describe block. */
import { useState } from 'preact/hooks';
import { countOf, formatCount, formatDuration } from '../../src/reports/terminal/format';
import type { FolderNode, SuiteNode } from '../model/file-tree';
import type { FileEntry, TestEntry } from '../model/report-index';
import { shownName } from '../model/shown-name';
import { MoreList } from './more-list';
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
      <MoreList items={node.files} step={MOST_ROWS} noun="file" name={`folder ${node.path}`} className="rows">
        {(file) => <FileLeaf key={`${file.project} ${file.path}`} file={file} />}
      </MoreList>
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

/** @param name of the file, as no other has it. */
export function SuiteTree({ suite, name }: { readonly suite: SuiteNode; readonly name: string }) {
  return (
    <div class="tree">
      <Tests tests={suite.tests} name={name} />
      {suite.suites.map((one) => (
        <Suite key={one.title} suite={one} name={`${name} ${one.title}`} isSmall={suite.count <= MOST_ROWS} />
      ))}
    </div>
  );
}

interface SuiteProps {
  readonly suite: SuiteNode;
  readonly name: string;
  readonly isSmall: boolean;
}

function Suite({ suite, name, isSmall }: SuiteProps) {
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
          <Tests tests={suite.tests} name={name} />
          {suite.suites.map((one) => (
            <Suite key={one.title} suite={one} name={`${name} ${one.title}`} isSmall={isSmall} />
          ))}
        </>
      ) : null}
    </details>
  );
}

function Tests({ tests, name }: { readonly tests: readonly TestEntry[]; readonly name: string }) {
  return (
    <MoreList items={tests} step={MOST_ROWS} noun="test" name={`suite ${name}`} className="rows">
      {(test) => (
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
      )}
    </MoreList>
  );
}
