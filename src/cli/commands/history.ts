import { hideSecrets } from '../../options/hide-secrets';
import type { BuildSummary, PastRun } from '../../queue/history';
import { runsTable } from '../../reports/history/executions-table';
import { buildsTable } from '../../reports/history/runs-table';
import type { Command } from '../command-line/command';
import { DATABASE_OPTIONS } from '../database/database-session';
import { answerFromHistory, HISTORY_FLAGS } from '../database/history-query';

export const historyCommand: Command = {
  name: 'history',
  describe: 'Past builds of the queue, or the runs of one file or test',
  positional: { name: 'what', describe: "end of a file's path, or part of a test's name" },
  flags: HISTORY_FLAGS,
  options: DATABASE_OPTIONS,
  examples: [
    ['history --days 7', 'the builds of a week'],
    ['history cart.test.js', 'how one file went'],
  ],
  execute: async (argv) => {
    const what = argv.what as string | undefined;
    if (what === undefined) {
      return answerFromHistory<BuildSummary>(argv, {
        question: { kind: 'builds' },
        ask: (history, filter) => history.builds(filter),
        show: buildsTable,
      });
    }
    return answerFromHistory<PastRun>(argv, {
      // A URL that was typed without its flag ends up here.
      question: { kind: 'runs', what: hideSecrets(what) },
      ask: (history, filter) => history.runs(what, filter),
      show: runsTable,
    });
  },
};
