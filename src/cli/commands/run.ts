import { flagSpecs } from '../../options/flags';
import { type Command, jestArguments } from '../command';
import { runLocally } from '../local-run';
import { runHere } from '../run-here';

export const runCommand: Command = {
  command: 'run',
  describe: "Run this node's share with the project's own Jest",
  build: (argv) =>
    argv
      .options(flagSpecs())
      .options({
        local: { type: 'boolean', describe: 'Run all nodes on this machine, as processes' },
        queue: {
          type: 'boolean',
          implies: 'local',
          conflicts: 'sequential',
          describe: 'With --local: nodes pull files from one queue until none is left; needs no database',
        },
        sequential: {
          type: 'boolean',
          implies: 'local',
          describe: 'With --local: one node after the other, so that their times are those of machines of their own',
        },
      })
      .example('$0 run --nodes 4 --node-number 2', 'the second of four shares')
      .example('$0 run --local --nodes 4', 'all four on this machine, one verdict')
      .example('$0 run --local --nodes 4 --queue', 'the same, pulled from a queue that needs no server')
      .example('$0 run -- --coverage src', 'what follows -- goes to Jest'),
  execute: async (argv) => {
    const jestArgs = jestArguments(argv);
    return argv.local ? runLocally(argv, jestArgs) : runHere(argv, jestArgs);
  },
};
