import type { SlowEntry } from '../../queue/history';
import { slowTable } from '../../reports/history/slow-table';
import type { Command } from '../command-line/command';
import { DATABASE_OPTIONS } from '../database/database-session';
import { HISTORY_FLAGS, printHistory } from '../database/history-query';

export const slowCommand: Command = {
  name: 'slow',
  describe: 'The slowest files or tests, from the history of the queue',
  flags: { tests: { value: null, describe: 'Tests, not files' }, ...HISTORY_FLAGS },
  options: DATABASE_OPTIONS,
  examples: [['slow --tests --limit 5', 'the five slowest tests']],
  execute: (argv) => {
    const of = argv.tests ? 'tests' : 'files';
    return printHistory<SlowEntry>(argv, {
      question: { kind: 'slow', of },
      ask: (history, filter) => history.slow(of, filter),
      show: slowTable,
    });
  },
};
