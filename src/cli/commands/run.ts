import { exitCodeOf } from '../../files/processes';
import { stderrTerminal } from '../../files/standard-terminals';
import { endRedFor } from '../../jest/record/own-faults';
import { publishRerun } from '../../jest/record/rerun-tests';
import { optionNames } from '../../options/table';
import { noticeLines } from '../../reports/node/share-lines';
import { type Command, jestArguments } from '../command-line/command';
import { namesHosts } from '../command-line/named-hosts';
import { NO_BURN_IN, printRedBurnIn, runBurnIn } from '../flaky/burn-in-run';
import { checkQueueFlags } from '../local/local-options';
import { runLocally } from '../local/local-run';
import { refuseUi } from '../local/run-dashboard';
import { runHere } from '../local/run-here';
import { argumentsForFailed } from '../merging/failed-of';

/** Arguments that select tests or projects; a path is one too. */
const NARROWS = /^(?:-t|--test-?name-?pattern|--(?:select|ignore)-?projects|[^-].*)/i;

export const runCommand: Command = {
  name: 'run',
  describe: "Run this node's share with the project's own Jest",
  flags: {
    local: { value: null, excludes: 'hosts', describe: 'Run all nodes on this machine, as processes' },
    queue: {
      value: null,
      needs: 'local',
      impliedBy: ['databaseUrl', 'hosts'],
      excludes: 'sequential',
      describe: 'With --local: nodes take files from one queue until none is left; needs no database',
    },
    sequential: {
      value: null,
      needs: 'local',
      describe: 'With --local: one node after the other, so that times are as on separate machines',
    },
    'failed-of': {
      value: '<run>',
      describe: 'Run only tests that failed in a run: its id, a folder with its blobs, or "last"',
    },
    'burn-in': {
      value: '<time>',
      describe: 'First run tests of changed and new files again and again, for so long: 3m. A flaky one is red',
    },
    'burn-in-base': {
      value: '<branch>',
      describe: 'What files are compared with; else the base of the pull request',
    },
    ui: { value: null, describe: 'With --local or --hosts: serve pages of the run while it lasts' },
  },
  options: optionNames,
  takesJestArguments: true,
  examples: [
    ['run --nodes 4 --node-number 2', 'the second of four shares'],
    ['run --local --nodes 4', 'all four on this machine, one verdict'],
    ['run --local --nodes 4 --queue', 'the same, pulled from a queue that needs no server'],
    ['run --hosts ada,build@box:4,local', 'on three machines that ssh reaches, one verdict'],
    ['run -- --coverage src', 'what follows -- goes to Jest'],
  ],
  execute: async (argv) => {
    let jestArgs: readonly string[] = jestArguments(argv);
    if (argv.failedOf !== undefined) {
      const failed = await argumentsForFailed(argv, jestArgs);
      process.stderr.write(`${noticeLines(failed.text, stderrTerminal()).join('\n')}\n`);
      if (failed.tests.length === 0) return 0;
      // What is given on top may leave out some of them.
      if (!jestArgs.some((arg) => NARROWS.test(arg))) publishRerun(failed.tests);
      ({ jestArgs } = failed);
    }
    const hasHosts = namesHosts(argv);
    const isAll = hasHosts || argv.local === true;
    if (argv.ui) refuseUi(isAll);
    checkQueueFlags(argv, hasHosts || argv.queue === true);
    const burnIn = argv.burnIn === undefined ? NO_BURN_IN : await runBurnIn(argv, jestArgs, isAll);
    if (burnIn.stoppedBy !== undefined) return exitCodeOf(burnIn.stoppedBy);
    if (!isAll) {
      endRedFor(burnIn.red);
      const ended = await runHere(argv, jestArgs);
      printRedBurnIn(burnIn);
      return ended;
    }
    // Late: every node in a CI comes here, and few use ssh.
    const runAll = hasHosts ? (await import('../hosts/host-run.js')).runOnHosts : runLocally;
    const exitCode = await runAll(argv, jestArgs);
    if (burnIn.red.length === 0) return exitCode;
    printRedBurnIn(burnIn);
    // Where the package is switched off, Jest sets the exit code of this process.
    if (exitCode === undefined) endRedFor(burnIn.red);
    return exitCode === 0 ? 1 : exitCode;
  },
};
