/**
 * The selections of one Jest process as text: what its workers and sandboxes read.
 *
 * One line a file, so that a sandbox (a new one for every test file) can find its own line without parsing the rest.
 */
import type { FileSelection } from './file-selection';

export interface SelectionEntry {
  /** Absolute, as Jest names it. */
  readonly testPath: string;
  /** `config.id` of the Jest project. */
  readonly projectId: string;
  readonly selection: FileSelection;
  /** Name of the part that this is the selection of, where this process runs parts of a file one by one. */
  readonly part?: string;
}

export interface Selections {
  /** Absolute path of the test runner that each project (by id) would use without us. */
  readonly testRunners: Readonly<Record<string, string>>;
  readonly entries: readonly SelectionEntry[];
}

type Line = readonly [testPath: string, projectId: string, selection: FileSelection, part?: string];

const toEntry = ([testPath, projectId, selection, part]: Line): SelectionEntry => ({
  testPath,
  projectId,
  selection,
  ...(part !== undefined && { part }),
});

export function formatSelections({ testRunners, entries }: Selections): string {
  const lines = entries.map(({ testPath, projectId, selection, part }) =>
    JSON.stringify([testPath, projectId, selection, ...(part === undefined ? [] : [part])]),
  );
  return `${[JSON.stringify({ testRunners }), ...lines].join('\n')}\n`;
}

export function parseSelections(text: string): Selections {
  const [head = '{}', ...lines] = text.trimEnd().split('\n');
  const { testRunners } = JSON.parse(head) as Pick<Selections, 'testRunners'>;
  return { testRunners, entries: lines.map((line) => toEntry(JSON.parse(line))) };
}

/** The entries of one test file: one for each Jest project that has it and splits it. */
export function findEntries(text: string, testPath: string): readonly SelectionEntry[] {
  const start = `\n[${JSON.stringify(testPath)},`;
  const found: SelectionEntry[] = [];
  for (let at = text.indexOf(start); at >= 0; at = text.indexOf(start, at + 1)) {
    found.push(toEntry(JSON.parse(text.slice(at + 1, text.indexOf('\n', at + 1)))));
  }
  return found;
}
