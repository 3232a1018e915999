import type { FlakyEntry } from '../../queue/history';
import { flakyTable } from '../../reports/history/flaky-table';
import type { Command } from '../command-line/command';
import { DATABASE_OPTIONS } from '../database/database-session';
import { HISTORY_FLAGS, printHistory } from '../database/history-query';

export const flakyCommand: Command = {
  name: 'flaky',
  describe: 'What passed and failed on one commit, from the history of the queue',
  flags: HISTORY_FLAGS,
  options: DATABASE_OPTIONS,
  examples: [['flaky --days 30', 'what was flaky in the last month']],
  execute: (argv) =>
    printHistory<FlakyEntry>(argv, {
      question: { kind: 'flaky' },
      ask: (history, filter) => history.flaky(filter),
      show: flakyTable,
    }),
};
