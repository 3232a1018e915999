/** Small parts of the dashboard's pages. */
import { type ComponentChildren, createContext } from 'preact';
import { useContext, useId } from 'preact/hooks';
import type { RunSummary } from '../../src/queue/history';
import type { LiveNodeState } from '../../src/reports/live/state';
import { shownName } from '../model/shown-name';
import { FilePath } from '../parts/names';
import type { MarkStatus } from '../parts/status-mark';
import { type Query, subjectAddress } from './address';
import type { Answer } from './use-answer';

const runMarks: Readonly<Record<RunSummary['state'], MarkStatus>> = {
  ...{ running: 'todo', passed: 'passed', failed: 'failed', cancelled: 'skipped', abandoned: 'warning' },
};
export const markOfRun = (state: RunSummary['state']): MarkStatus => runMarks[state];

const nodeMarks: Readonly<Record<LiveNodeState, MarkStatus>> = {
  ...{
    starting: 'todo',
    running: 'todo',
    passed: 'passed',
    failed: 'failed',
    killed: 'failed',
    ended: 'skipped',
    lost: 'error',
  },
};
export const markOfNode = (state: LiveNodeState): MarkStatus => nodeMarks[state];

/** What is wrong, where something is. */
export function Trouble({ text }: { readonly text: string | null }) {
  if (text === null) return null;
  return (
    <p class="trouble" role="alert">
      {text}
    </p>
  );
}

/** What stands for a list that is on its way, that failed, or that is empty. */
export function Waiting({
  answer,
  isEmpty,
  empty,
}: {
  readonly answer: Answer<unknown>;
  readonly isEmpty: boolean;
  readonly empty: string;
}) {
  return (
    <>
      <Trouble text={answer.error} />
      {answer.data === undefined && answer.error === null ? <p class="empty">Loading…</p> : null}
      {answer.data !== undefined && isEmpty ? <p class="empty">{empty}</p> : null}
    </>
  );
}

interface FieldProps {
  readonly label: string;
  readonly name: string;
  readonly query: Readonly<Record<string, string>>;
  readonly onChange: (change: Query) => void;
}

export function TextField({ label, name, query, onChange, list }: FieldProps & { readonly list?: readonly string[] }) {
  const id = useId();
  return (
    <label class="field">
      <span>{label}</span>
      <input
        type="text"
        autocomplete="off"
        spellcheck={false}
        value={query[name] ?? ''}
        list={list === undefined || list.length === 0 ? undefined : id}
        onChange={({ currentTarget }) => onChange({ [name]: currentTarget.value.trim() })}
      />
      {list === undefined || list.length === 0 ? null : (
        <datalist id={id}>
          {list.map((value) => (
            <option key={value} value={value} />
          ))}
        </datalist>
      )}
    </label>
  );
}

interface SelectProps extends FieldProps {
  readonly options: readonly (readonly [value: string, text: string])[];
}

export function SelectField({ label, name, query, onChange, options }: SelectProps) {
  return (
    <label class="field">
      <span>{label}</span>
      <select
        value={query[name] ?? options[0]?.[0]}
        onChange={({ currentTarget }) => onChange({ [name]: currentTarget.value })}
      >
        {options.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

export const PERIODS = [
  ['7', '7 days'],
  ['1', '1 day'],
  ['30', '30 days'],
  ['90', '90 days'],
  ['3650', 'all time'],
] as const;

/** Filters of a page; nothing is sent, the list follows them. */
export function Filters({ children }: { readonly children: ComponentChildren }) {
  return (
    <form class="filters" onSubmit={(event) => event.preventDefault()}>
      {children}
    </form>
  );
}

interface SubjectProps {
  readonly file: { readonly project: string | null; readonly path: string };
  readonly test?: string | null;
  readonly pipeline?: string | undefined;
}

/** Whether something is known of other runs. */
export const HistoryContext = createContext(true);

/** A test or a file, with the link to what it did over time, where that is known. */
export function SubjectLink({ file, test = null, pipeline }: SubjectProps) {
  const name =
    test === null ? <FilePath project={file.project} path={file.path} /> : <span class="title">{shownName(test)}</span>;
  return useContext(HistoryContext) ? <a href={subjectAddress({ ...file, test, pipeline })}>{name}</a> : name;
}

export const shortCommit = (commit: string | null): string => commit?.slice(0, 10) ?? '';
