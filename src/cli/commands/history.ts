import { hideSecrets } from '../../options/hide-secrets';
import type { PastExecution, RunSummary } from '../../queue/history';
import { executionsTable } from '../../reports/history/executions-table';
import { runsTable } from '../../reports/history/runs-table';
import type { Command } from '../command-line/command';
import { DATABASE_OPTIONS } from '../database/database-session';
import { HISTORY_FLAGS, printHistory } from '../database/history-query';

export const historyCommand: Command = {
  name: 'history',
  describe: 'Past runs of the queue, or the executions of one file or test',
  positional: { name: 'what', describe: "end of a file's path, or part of a test's name" },
  flags: HISTORY_FLAGS,
  options: DATABASE_OPTIONS,
  examples: [
    ['history --days 7', 'the runs of a week'],
    ['history cart.test.js', 'how one file went'],
  ],
  execute: async (argv) => {
    const what = argv.what as string | undefined;
    if (what === undefined) {
      return printHistory<RunSummary>(argv, {
        question: { kind: 'runs' },
        ask: (history, filter) => history.runs(filter),
        show: runsTable,
      });
    }
    return printHistory<PastExecution>(argv, {
      // A URL that was typed without its flag ends up here.
      question: { kind: 'executions', what: hideSecrets(what) },
      ask: (history, filter) => history.executions(what, filter),
      show: executionsTable,
    });
  },
};
