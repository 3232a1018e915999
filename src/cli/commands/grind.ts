/** `grind`: runs tests again and again, to find out which are flaky, how often they fail, and of what kind they are. */
import path from 'node:path';
import { exitCodeOf } from '../../files/processes';
import { CONDITIONS } from '../../flaky/probe';
import type { Arguments, Command } from '../command-line/command';
import { DEFAULT_TIMES, readGrindArguments } from '../flaky/grind-arguments';
import { findGrindFiles } from '../flaky/grind-files';
import { readGrindHosts } from '../flaky/grind-hosts';
import { writeGrindJson } from '../flaky/grind-json';
import { grindQueue } from '../flaky/grind-queue';
import { createGrinder, exitCodeFor } from '../flaky/grinder';
import { asksQueue, CAMPAIGN_OPTIONS, type JoinedCampaign, joinCampaign } from '../flaky/join-campaign';
import { openProbeSession } from '../flaky/probe-session';
import { openProbersHere, type Probers, type ProbersDisplay } from '../flaky/probers';
import { verifyFix } from '../flaky/verify-fix';

async function grind(argv: Arguments): Promise<number> {
  const own = readGrindArguments(argv);
  const hosts = await readGrindHosts(argv, own.jestArgs);
  const isQueued = own.was === null && !own.isInOrder && (await asksQueue(argv));
  const files = await findGrindFiles(argv, own.jestArgs, isQueued);
  const openProbers = async (display: ProbersDisplay): Promise<Probers> => {
    if (hosts === null) return openProbersHere(own.jestArgs, display);
    // Late: few use ssh.
    const { openHostLanes } = await import('../hosts/host-lanes.js');
    return openHostLanes({ ...hosts, jestArgs: own.jestArgs, files: [...files.targets, ...files.context], display });
  };
  const session = await openProbeSession(openProbers, own.limitMs);
  const { grind: grindFiles, view } = createGrinder(own, session);
  let joined: JoinedCampaign | null = null;
  try {
    if (isQueued && files.targets.length > 0) joined = await joinCampaign(argv, own, files.targets);
    const endMs = own.limitMs === null ? null : Date.now() + own.limitMs;
    if (own.was !== null) return await verifyFix(own.was, own, files, session);
    const exitCode =
      joined === null
        ? exitCodeFor((await grindFiles(files, () => false)).outcome, own, files)
        : await grindQueue({
            ...{ joined, own, endMs, isStopped: () => session.stoppedBy() !== undefined, cutOff: session.cutOff },
            grind: (targets, company, isOver) => grindFiles(files.only(targets, company), isOver),
          });
    const stopped = session.stoppedBy();
    return stopped === undefined ? exitCode : exitCodeOf(stopped);
  } finally {
    await session.close();
    const all = view();
    // Also where a database failed in the end.
    if (all !== undefined && typeof argv.json === 'string') {
      writeGrindJson(path.relative(process.cwd(), path.resolve(argv.json)), all);
    }
    await joined?.close();
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
    condition: { value: '<list>', excludes: 'in-order', describe: `Only some of ${CONDITIONS.join(',')}` },
    of: { value: '<run>', describe: 'Files that failed in a run, with those that ran around them' },
    'in-order': { value: null, describe: 'The files in the given order in one worker, once' },
    workers: { value: '<number>', describe: 'Workers where files run beside each other' },
    'fail-on': {
      value: '<list>',
      describe: 'Verdicts with exit code 1, or none',
      defaultText: 'all but NOT-REPRODUCED',
    },
    queue: {
      value: null,
      excludes: 'in-order',
      describe: 'Keep what it finds in the history of run --local --queue; with a database it is kept there anyway',
    },
    was: {
      value: '<failures/runs>',
      excludes: 'queue',
      describe: 'Verify a fix: as many green runs as this rate needs',
    },
    json: { value: '<file>', describe: 'Write the results for programs' },
  },
  options: ['reportDir', 'hosts', ...CAMPAIGN_OPTIONS],
  takesJestArguments: true,
  examples: [
    ['grind src/cart.test.js', '20 times alone, shuffled and under load'],
    ['grind src --minutes 10', 'all files of a folder, together first'],
    ['grind src --hosts ada,bob', 'on machines that ssh reaches, side by side'],
    ['grind src/cart.test.js --was 3/40', 'is it corrected?'],
  ],
  execute: grind,
};
