import type { SlowEntry } from '../../queue/history';
import { slowTable } from '../../reports/history/slow-table';
import type { Command } from '../command';
import { answerFromHistory, historyFlags } from '../history-question';

export const slowCommand: Command = {
  command: 'slow',
  describe: 'The slowest files or tests, by the history of the queue',
  build: (argv) =>
    historyFlags(argv)
      .option('tests', { type: 'boolean', describe: 'Tests, not files' })
      .example('$0 slow --tests --limit 5', 'the five slowest tests'),
  execute: (argv) => {
    const of = argv.tests ? 'tests' : 'files';
    return answerFromHistory<SlowEntry>(argv, {
      question: { kind: 'slow', of },
      ask: (history, filter) => history.slow(of, filter),
      show: slowTable,
    });
  },
};
