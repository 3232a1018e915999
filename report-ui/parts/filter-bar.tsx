import { useId } from 'preact/hooks';
import type { Filter } from '../model/filter';
import type { ReportIndex } from '../model/report-index';

interface FilterBarProps {
  readonly index: ReportIndex;
  readonly filter: Filter;
  readonly statuses: readonly string[];
  readonly sorts: Readonly<Record<string, string>>;
  readonly onChange: (filter: Filter) => void;
  /** How many of how many are shown. */
  readonly result: string;
}

/** Search and filters of a list. The filter lives in the address, so a filtered list can be sent to others. */
export function FilterBar({ index, filter, statuses, sorts, onChange, result }: FilterBarProps) {
  const set = (change: Partial<Filter>) => onChange({ ...filter, ...change });
  const isSet = filter.status !== '' || filter.node !== '' || filter.project !== '' || filter.text !== '';
  const { nodes } = index.report;
  return (
    <search class="filter">
      <Field label="Search">
        {(id) => (
          <input
            id={id}
            type="search"
            value={filter.text}
            placeholder="words of a name or path"
            onInput={(event) => set({ text: event.currentTarget.value })}
          />
        )}
      </Field>
      {statuses.length > 1 ? (
        <Choice
          label="Status"
          value={filter.status}
          options={statuses.map((name) => [name, name])}
          onChange={(status) => set({ status })}
        />
      ) : null}
      {nodes.length > 1 ? (
        <Choice
          label="Node"
          value={filter.node}
          options={nodes.map(({ number }) => [String(number), `node ${number}`])}
          onChange={(node) => set({ node })}
        />
      ) : null}
      {index.projects.length > 1 ? (
        <Choice
          label="Project"
          value={filter.project}
          options={index.projects.map((name) => [name, name])}
          onChange={(project) => set({ project })}
        />
      ) : null}
      {Object.keys(sorts).length > 1 ? (
        <Choice
          label="Order"
          value={filter.sort}
          options={Object.entries(sorts)}
          onChange={(sort) => set({ sort })}
          hasAll={false}
        />
      ) : null}
      <p class="result">
        <span role="status">{result}</span>{' '}
        <button
          type="button"
          class="button"
          disabled={!isSet}
          onClick={() => set({ status: '', node: '', project: '', text: '' })}
        >
          Clear filters
        </button>
      </p>
    </search>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, text: string])[];
  readonly onChange: (value: string) => void;
  readonly hasAll?: boolean;
}

function Choice({ label, value, options, onChange, hasAll = true }: ChoiceProps) {
  // The first order is the one without a name in the address.
  const first = hasAll ? undefined : options[0]?.[0];
  return (
    <Field label={label}>
      {(id) => (
        <select
          id={id}
          value={value === '' ? (first ?? '') : value}
          onChange={({ currentTarget }) => onChange(currentTarget.value === first ? '' : currentTarget.value)}
        >
          {hasAll ? <option value="">all</option> : null}
          {options.map(([name, text]) => (
            <option key={name} value={name}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

interface FieldProps {
  readonly label: string;
  readonly children: (id: string) => preact.ComponentChildren;
}

function Field({ label, children }: FieldProps) {
  const id = useId();
  return (
    <div class={`field field-${label.toLowerCase()}`}>
      <label for={id}>{label}</label>
      {children(id)}
    </div>
  );
}
