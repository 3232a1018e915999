import type { FlakyEntry } from '../../queue/history';
import { flakyTable } from '../../reports/history/flaky-table';
import type { Command } from '../command';
import { answerFromHistory, historyFlags } from '../history-question';

export const flakyCommand: Command = {
  command: 'flaky',
  describe: 'What passed and failed on one commit, by the history of the queue',
  build: (argv) => historyFlags(argv).example('$0 flaky --days 30', 'what was unsure in the last month'),
  execute: (argv) =>
    answerFromHistory<FlakyEntry>(argv, {
      question: { kind: 'flaky' },
      ask: (history, filter) => history.flaky(filter),
      show: flakyTable,
    }),
};
