/** What is printed where a question to the history has no rows: why that may be, and what to do. */
import type { HistoryFilter } from '../../queue/history';
import { countOf } from '../terminal/format';
import type { Terminal } from '../terminal/terminal';
import { printable, wrapText } from '../terminal/text-width';

export type HistoryRequest =
  | { readonly kind: 'runs' }
  | { readonly kind: 'executions'; readonly what: string }
  | { readonly kind: 'flaky' }
  | { readonly kind: 'slow'; readonly of: 'files' | 'tests' };

export interface EmptyHistory {
  readonly question: HistoryRequest;
  readonly filter: HistoryFilter;
  /** Pipelines that the database has runs of; none: it is new. */
  readonly pipelines: readonly string[];
  /** What was asked for is the id of a run. */
  readonly isRunId: boolean;
  /** `host:port/database, schema jest_distributed` */
  readonly place: string;
}

export function emptyLines(
  { question, filter, pipelines, isRunId, place }: EmptyHistory,
  terminal: Terminal,
): string[] {
  const lines = (...texts: string[]) =>
    texts.flatMap((text, index) =>
      wrapText(printable(text), terminal.columns, { first: index === 0 ? '' : '  ', others: '  ' }),
    );
  if (pipelines.length === 0) {
    return lines(
      `No run is recorded yet in ${place}.`,
      'Nodes that use this database record their runs: npx jest-distributed run',
    );
  }
  if (filter.pipeline !== undefined && !pipelines.includes(filter.pipeline)) {
    return lines(`There is no pipeline "${filter.pipeline}" in ${place}.`, `It has: ${pipelines.join(', ')}`);
  }
  const since = filter.days === undefined ? '' : ` in the last ${countOf(filter.days, 'day')}`;
  const further = filter.days === undefined ? [] : ['Use a larger --days.'];
  switch (question.kind) {
    case 'runs':
      return lines(`No run began${since}.`, ...further);
    case 'executions':
      if (isRunId) {
        return lines(
          `${question.what} is the id of a run, and no file or test has this name${since}.`,
          'Runs are listed without a name: npx jest-distributed history',
        );
      }
      return lines(
        `No file whose path ends with "${question.what}" and no test whose name contains it ran${since}.`,
        "Name a file from the start of a folder or file name (cart.test.js), or a part of a test's full name.",
        ...further,
      );
    case 'flaky':
      return lines(
        `Nothing passed and failed on one commit${since}.`,
        'Runs outside git have no commit and do not count; --max-retries 1 shows flaky files within one run.',
        ...further,
      );
    case 'slow':
      return lines(
        `No ${question.of === 'files' ? 'file' : 'test'} with a duration passed${since}.`,
        'Only accepted passes have a duration.',
        ...further,
      );
  }
}
