/** Failures that have one message, as one card that unfolds. */
import { useContext, useMemo, useState } from 'preact/hooks';
import { stripEscapes } from '../../src/reports/run-report/escape-codes';
import { countOf } from '../../src/reports/terminal/format';
import { groupByMessage } from '../model/failure-groups';
import { shownName } from '../model/shown-name';
import { AnsiText } from '../parts/ansi-text';
import { RepeatCommand } from '../parts/command-line';
import { CopyButton } from '../parts/copy-button';
import { MoreList } from '../parts/more-list';
import { FilePath } from '../parts/names';
import { StatusMark } from '../parts/status-mark';
import { SourceLink } from '../parts/web-link';
import { runAddress } from './address';
import { HistoryContext, SubjectLink } from './parts';

export interface ShownFailure {
  readonly key: string;
  readonly file: { readonly project: string | null; readonly path: string };
  readonly test: string | null;
  readonly messages: readonly string[];
  /** Where and when, in a few words. */
  readonly where: string;
  readonly pipeline?: string;
  /** Row of its run, where the page is of several. */
  readonly run?: { readonly id: string; readonly runId: string };
  /** It passed later, or another result counts. */
  readonly note?: string;
}

export function FailureGroups({
  failures,
  name,
  open = 3,
}: {
  readonly failures: readonly ShownFailure[];
  readonly name: string;
  readonly open?: number;
}) {
  const groups = useMemo(() => groupByMessage(failures), [failures]);
  return (
    <MoreList items={groups} step={25} noun="message" name={name} className="cards">
      {(group, place) =>
        group.failures.length === 1 ? (
          <FailureItem key={group.failures[0]?.key} failure={group.failures[0] as ShownFailure} isOpen={place < open} />
        ) : (
          <GroupCard
            key={`${group.message} ${group.failures[0]?.key}`}
            message={group.message}
            failures={group.failures}
            isOpen={place < open}
          />
        )
      }
    </MoreList>
  );
}

function GroupCard({
  message,
  failures,
  isOpen,
}: {
  readonly message: string;
  readonly failures: readonly ShownFailure[];
  readonly isOpen: boolean;
}) {
  const [isUnfolded, unfold] = useState(false);
  const first = failures[0] as ShownFailure;
  return (
    <li class="failure">
      <p class="group">
        <strong>{countOf(failures.length, 'failure')}</strong> with one message: <code>{message}</code>
      </p>
      <ul>
        <FailureItem failure={first} isOpen={isOpen} />
      </ul>
      <details onToggle={({ currentTarget }) => unfold(currentTarget.open)}>
        <summary>
          <span class="failure-name">{countOf(failures.length - 1, 'more failure')}</span>
        </summary>
        {isUnfolded ? (
          <MoreList items={failures.slice(1)} step={50} noun="failure" name={`group ${first.key}`}>
            {(failure) => <FailureItem key={failure.key} failure={failure} isOpen={false} />}
          </MoreList>
        ) : null}
      </details>
    </li>
  );
}

function FailureItem({ failure, isOpen }: { readonly failure: ShownFailure; readonly isOpen: boolean }) {
  const { file, test, where, note } = failure;
  const [isUnfolded, unfold] = useState(isOpen);
  return (
    <li class="failure">
      <details open={isOpen} onToggle={({ currentTarget }) => unfold(currentTarget.open)}>
        <summary>
          <StatusMark status={note === undefined ? 'failed' : 'flaky'} />
          <span class="failure-name">
            <span class="title">{test === null ? 'The file failed to run' : shownName(test)}</span>
            <span class="where">
              <FilePath project={file.project} path={file.path} /> <span class="node">{shownName(where)}</span>
              {note === undefined ? null : (
                <>
                  {' '}
                  <span class="node">{note}</span>
                </>
              )}
            </span>
          </span>
        </summary>
        {isUnfolded ? <FailureText failure={failure} /> : null}
      </details>
    </li>
  );
}

function FailureText({ failure }: { readonly failure: ShownFailure }) {
  const { file, test, messages, pipeline, run } = failure;
  const label = shownName(test ?? file.path);
  const hasHistory = useContext(HistoryContext);
  return (
    <>
      <SourceLink messages={messages} />
      {messages.every((text) => text === '') ? <p class="empty">Nothing kept its message.</p> : null}
      {messages.map((text, index) => (
        <AnsiText key={index} text={text} label={`Error of ${label}`} isError />
      ))}
      <RepeatCommand test={{ file, name: test }} label={`repeat ${label}`} />
      <CopyButton
        text={() => [`${file.path}: ${test ?? 'failed to run'}`, ...messages.map(stripEscapes)].join('\n\n')}
        label={`Copy this failure: ${label}`}
      >
        Copy this failure
      </CopyButton>
      <p class="links">
        {test === null || !hasHistory ? null : (
          <>
            Over time: <SubjectLink file={file} test={test} pipeline={pipeline} />
            <br />
          </>
        )}
        {hasHistory ? (
          <>
            File over time: <SubjectLink file={file} pipeline={pipeline} />
          </>
        ) : null}
        {run === undefined ? null : (
          <>
            <br />
            Run: <a href={runAddress(run.id)}>{shownName(run.runId)}</a>
          </>
        )}
      </p>
    </>
  );
}
