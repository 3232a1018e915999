/** One probe again and again, as it was given: `--in-order`. */
import type { CampaignOutcome } from '../../flaky/campaign';
import { classify } from '../../flaky/classify';
import { eachOf } from '../../flaky/lanes';
import type { Condition } from '../../flaky/probe';
import { createTally, totalOf } from '../../flaky/tally';
import type { GrindArguments } from './grind-arguments';
import type { GrindFiles } from './grind-files';
import type { ProbeSession } from './probe-session';

function* numbersTo(last: number): Generator<number> {
  for (let number = 1; number <= last; number++) yield number;
}

export async function repeatOrder(
  { times, workers }: GrindArguments,
  files: GrindFiles,
  session: ProbeSession,
): Promise<CampaignOutcome> {
  const tally = createTally();
  const faults = new Set<string>();
  let probes = 0;
  const condition: Condition = workers > 1 ? 'beside' : files.targets.length > 1 ? 'sequence' : 'alone';
  const spec = { condition, files: files.targets, workers, randomizeSeed: null, load: 0, tests: null };
  await eachOf(numbersTo(times), session.lanes, async () => {
    if (session.isOver()) return false;
    probes += 1;
    const result = await session.probe(spec);
    if (result.fault !== null) faults.add(result.fault);
    tally.add(result);
    return true;
  });
  const tests = tally.tests();
  const failed = tests.filter((test) => totalOf(test).failures > 0);
  return {
    flaky: failed.map((tally) => ({ tally, classification: classify(tally) })),
    clean: tests.filter((test) => test.name !== null && totalOf(test).failures === 0).length,
    ...{ probes, faults: [...faults] },
  };
}
