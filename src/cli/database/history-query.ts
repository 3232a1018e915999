/** What the commands about the history have in common: flags, filter, and the message where nothing is found. */

import { DistributedError } from '../../errors';
import { stdoutTerminal } from '../../files/standard-terminals';
import type { Flags } from '../../options/flags';
import { readDecimal, readInteger } from '../../options/number';
import { createHistory } from '../../postgres/history';
import type { HistoryFilter, QueueHistory } from '../../queue/history';
import { emptyLines, type HistoryRequest } from '../../reports/history/empty-lines';
import type { Terminal } from '../../reports/terminal/terminal';
import type { Arguments } from '../command-line/command';
import { databaseOptions, printLine, withDatabase } from './database-session';

/** Millions of results of tests take that long; a person waits, where a node of a run would not. */
const LONG_MS = 600_000;
const SIGN_OF_LIFE_MS = 3000;

/** Enough runs to know which pipelines there are. */
const RUNS_FOR_PIPELINES = 500;

/** Flags of the commands about the history. */
export const HISTORY_FLAGS = {
  pipeline: { value: '<pipeline>', describe: 'Only this pipeline: name of the package, and label' },
  days: { value: '<days>', describe: 'Only the last days' },
  limit: { value: '<number>', default: '20', describe: 'Rows at most' },
  json: { value: null, describe: 'Print the rows as JSON' },
} as const satisfies Flags;

/** @throws DistributedError `FILTER_INVALID`. */
function historyFilter({ pipeline, days, limit }: Arguments): HistoryFilter {
  const count = readInteger(limit, 1);
  if (count === undefined) throw invalid('limit', limit, 'a whole number of 1 or more');
  const age = days === undefined ? undefined : readDecimal(days);
  if (days !== undefined && !age) throw invalid('days', days, 'a number of days, more than 0');
  if (pipeline !== undefined && typeof pipeline !== 'string') throw invalid('pipeline', pipeline, 'one pipeline');
  return { limit: count, ...(age !== undefined && { days: age }), ...(pipeline !== undefined && { pipeline }) };
}

export interface HistoryView<Row> {
  readonly question: HistoryRequest;
  readonly ask: (history: QueueHistory, filter: HistoryFilter) => Promise<readonly Row[]>;
  readonly show: (rows: readonly Row[], terminal: Terminal, nowMs: number) => readonly string[];
}

/** Asks the history and prints the rows, or why there are none. */
export async function printHistory<Row>(argv: Arguments, { question, ask, show }: HistoryView<Row>): Promise<number> {
  const filter = historyFilter(argv);
  return withDatabase(
    await databaseOptions(argv),
    { isQuestion: true, isHistory: true, queryTimeoutMs: LONG_MS },
    async ({ client, schema }) => {
      const history = createHistory(client, schema);
      const waiting = setTimeout(
        () => printLine('the database is still working; a smaller --days is faster'),
        SIGN_OF_LIFE_MS,
      );
      const isRunId = async () =>
        question.kind === 'executions' && (await history.runs({ runId: question.what, limit: 1 })).length > 0;
      const rows = await ask(history, filter).finally(() => clearTimeout(waiting));
      const terminal = stdoutTerminal();
      const place = `${client.address}, schema ${schema}`;
      const lines = argv.json
        ? [JSON.stringify(rows, null, 2)]
        : rows.length > 0
          ? show(rows, terminal, Date.now())
          : emptyLines(
              { question, filter, pipelines: await pipelinesOf(history), isRunId: await isRunId(), place },
              terminal,
            );
      process.stdout.write(`${lines.join('\n')}\n`);
      return 0;
    },
  );
}

async function pipelinesOf(history: QueueHistory): Promise<string[]> {
  const runs = await history.runs({ limit: RUNS_FOR_PIPELINES });
  return [...new Set(runs.map(({ pipeline }) => pipeline))].sort();
}

function invalid(flag: string, given: unknown, wanted: string): DistributedError {
  return new DistributedError({
    code: 'FILTER_INVALID',
    message: `--${flag} is ${JSON.stringify(given)}, but it must be ${wanted}.`,
    remedy: 'Correct it or remove it.',
  });
}
