import { listNodes } from '../../src/proof/finding';
import { stripEscapes } from '../../src/reports/run-report/escape-codes';
import { countOf } from '../../src/reports/terminal/format';
import type { FailureGroup } from '../model/failure-groups';
import type { FailureEntry } from '../model/report-index';
import { AnsiText } from './ansi-text';
import { RepeatCommand } from './command-line';
import { CopyButton } from './copy-button';
import { FileLink, TestLink, TestTitle } from './names';
import { StatusMark } from './status-mark';
import { SourceLink } from './web-link';

interface FailureCardProps {
  readonly failure: FailureEntry;
  readonly isOpen: boolean;
  /** The first of several with one message says so. */
  readonly group?: FailureGroup | undefined;
}

export function failureName({ test, file }: FailureEntry): string {
  return test === null ? `${file.path} failed to run` : test.name;
}

/** One failure with its traceback and how to repeat it. */
export function FailureCard({ failure, isOpen, group }: FailureCardProps) {
  const { file, test, nodes } = failure;
  return (
    <li class="failure">
      {group === undefined || group.failures.length < 2 ? null : (
        <p class="group">
          <strong>{countOf(group.failures.length, 'failure')}</strong> with one message: <code>{group.message}</code>
        </p>
      )}
      <details open={isOpen}>
        <summary>
          <StatusMark status="failed" />
          <span class="failure-name">
            {test === null ? <span class="title">The file failed to run</span> : <TestTitle titles={test.titles} />}
            <span class="where">
              {file.project === null ? null : <span class="chip">{file.project}</span>}
              <span class="path">{file.path}</span> <span class="node">{listNodes(nodes)}</span>
              {failure.isOld === null ? null : (
                <span class="node">{failure.isOld ? 'failed before' : <strong>new</strong>}</span>
              )}
            </span>
          </span>
        </summary>
        <FailureBody failure={failure} />
        <p class="links">
          {test === null ? null : (
            <>
              Test: <TestLink test={test} />
              <br />
            </>
          )}
          File: <FileLink file={file} />
        </p>
      </details>
    </li>
  );
}

/** For a message or an issue, without colours. */
function failureText(failure: FailureEntry): string {
  const { file, messages } = failure;
  return [`${file.path}: ${failureName(failure)}`, ...messages.map((message) => stripEscapes(message).trimEnd())].join(
    '\n\n',
  );
}

export function FailureBody({ failure }: { readonly failure: FailureEntry }) {
  const { messages, file, test } = failure;
  return (
    <>
      <SourceLink messages={messages} />
      {messages.length === 0 ? <p class="empty">The report holds no message for this failure.</p> : null}
      {messages.map((message, index) => (
        <AnsiText key={index} text={message} label={`Error ${index + 1} of ${failureName(failure)}`} isError />
      ))}
      <RepeatCommand test={{ file, name: test?.name ?? null }} label={`repeat ${failureName(failure)}`} />
      <CopyButton text={() => failureText(failure)} label={`Copy this failure: ${failureName(failure)}`}>
        Copy this failure
      </CopyButton>
    </>
  );
}
