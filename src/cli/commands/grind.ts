/** `grind`: runs tests again and again, to find out which are flaky, how often they fail, and of what kind they are. */
import path from 'node:path';
import { exitCodeOf } from '../../files/processes';
import { stdoutTerminal } from '../../files/standard-terminals';
import { type CampaignPlan, runCampaign } from '../../flaky/campaign';
import { CONDITIONS } from '../../flaky/probe';
import { grindLines } from '../../reports/flaky/grind-lines';
import type { Arguments, Command } from '../command-line/command';
import { DEFAULT_TIMES, LOAD, readGrindArguments } from '../flaky/grind-arguments';
import { findGrindFiles } from '../flaky/grind-files';
import { writeGrindJson } from '../flaky/grind-json';
import { openProbeSession } from '../flaky/probe-session';
import { repeatOrder } from '../flaky/repeat-order';
import { verifyFix } from '../flaky/verify-fix';

async function grind(argv: Arguments): Promise<number> {
  const own = readGrindArguments(argv);
  const { jestArgs, seed, times, workers, conditions, isTimed } = own;
  const files = await findGrindFiles(argv, jestArgs);
  const session = openProbeSession(jestArgs, own.limitMs);
  const startedAt = Date.now();
  try {
    if (own.was !== null) return await verifyFix(own.was, own, files, session);
    const plan: CampaignPlan = {
      ...{ seed, times, workers, conditions, targets: files.targets, context: files.context, tests: null },
      ...{ isEndless: isTimed, load: LOAD },
    };
    const hooks = { probe: session.probe, isOver: session.isOver };
    const outcome = own.isInOrder ? await repeatOrder(own, files, session) : await runCampaign(plan, hooks);
    const view = { outcome, seed, durationMs: Date.now() - startedAt, jestArgs };
    process.stdout.write(`${grindLines(view, stdoutTerminal()).join('\n')}\n`);
    if (typeof argv.json === 'string') writeGrindJson(path.relative(process.cwd(), path.resolve(argv.json)), view);
    const stopped = session.stoppedBy();
    if (stopped !== undefined) return exitCodeOf(stopped);
    // Of several nodes one may have no file.
    const isNothing = outcome.flaky.length === 0 && outcome.clean === 0 && !files.isOthers;
    const isRed = isNothing || outcome.flaky.some(({ classification }) => own.failOn.includes(classification.verdict));
    return isRed || outcome.faults.length > 0 ? 1 : 0;
  } finally {
    session.close();
  }
}

export const grindCommand: Command = {
  name: 'grind',
  describe: 'Run tests again and again: which are flaky, how often, and of what kind',
  positional: { name: 'paths', isList: true, describe: 'test files, as patterns of Jest' },
  flags: {
    times: { value: '<number>', describe: 'Rounds: runs of each condition', defaultText: String(DEFAULT_TIMES) },
    minutes: { value: '<number>', describe: 'Stop after this time' },
    forever: { value: null, describe: 'Until Ctrl-C' },
    seed: { value: '<number>', describe: 'Orders as in the campaign that printed it' },
    condition: { value: '<list>', describe: `Only some of ${CONDITIONS.join(',')}` },
    of: { value: '<run>', describe: 'Files that failed in a run, with those that ran around them' },
    'in-order': { value: null, describe: 'The files in the given order in one worker, once' },
    workers: { value: '<number>', describe: 'Workers where files run beside each other' },
    'fail-on': {
      value: '<list>',
      describe: 'Verdicts with exit code 1, or none',
      defaultText: 'all but NOT-REPRODUCED',
    },
    was: { value: '<failures/runs>', describe: 'Verify a fix: as many green runs as this rate needs' },
    json: { value: '<file>', describe: 'Write the results for programs' },
  },
  options: ['reportDir', 'nodes', 'nodeNumber', 'nodeIndex'],
  takesJestArguments: true,
  examples: [
    ['grind src/cart.test.js', '20 times alone, shuffled and under load'],
    ['grind src --minutes 10', 'all files of a folder, together first'],
    ['grind src/cart.test.js --was 3/40', 'is it corrected?'],
  ],
  execute: grind,
};
