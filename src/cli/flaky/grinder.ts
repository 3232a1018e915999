/** Grinds files with what the command line says, and knows all that came of it. */
import { stdoutTerminal } from '../../files/standard-terminals';
import { type CampaignHooks, type CampaignOutcome, type CampaignPlan, runCampaign } from '../../flaky/campaign';
import { createHostCounts } from '../../flaky/host-counts';
import type { TestTally } from '../../flaky/tally';
import { type GrindHosts, type GrindView, grindLines } from '../../reports/flaky/grind-lines';
import { type GrindArguments, LOAD } from './grind-arguments';
import type { GrindFiles } from './grind-files';
import type { ProbeSession } from './probe-session';
import { repeatOrder } from './repeat-order';

/** What was made of some files. */
export interface GroundFiles {
  readonly outcome: CampaignOutcome;
  /** All tests that ran, clean ones too. */
  readonly tests: readonly TestTally[];
  /** Files that Jest ran at least once, those that skip all of their tests included. */
  readonly ran: ReadonlySet<string>;
  readonly durationMs: number;
}

export interface Grinder {
  /**
   * Grinds some files as a campaign of their own, and prints what it found.
   *
   * @throws what kept the rest of its probes from being made.
   */
  readonly grind: (files: GrindFiles, isOver: () => boolean) => Promise<GroundFiles>;
  /** Of all that was ground; undefined where nothing was. */
  readonly view: () => GrindView | undefined;
}

function joinOutcomes(outcomes: readonly CampaignOutcome[]): CampaignOutcome {
  const sum = (numberOf: (one: CampaignOutcome) => number) => outcomes.reduce((total, one) => total + numberOf(one), 0);
  return {
    flaky: outcomes.flatMap(({ flaky }) => flaky),
    ...{ clean: sum(({ clean }) => clean), probes: sum(({ probes }) => probes) },
    faults: [...new Set(outcomes.flatMap(({ faults }) => faults))],
  };
}

export function createGrinder(own: GrindArguments, session: ProbeSession): Grinder {
  const { jestArgs, seed, times, workers, conditions, isTimed } = own;
  const startedAt = Date.now();
  const made: CampaignOutcome[] = [];
  const hostCounts = createHostCounts(session.hosts()?.named ?? []);
  const hosts = (): GrindHosts | null => {
    const known = session.hosts();
    return known === null ? null : { ...known, countsOf: hostCounts.of };
  };
  const grind: Grinder['grind'] = async (files, isOver) => {
    const begunAt = Date.now();
    let tests: readonly TestTally[] = [];
    const ran = new Set<string>();
    const plan: CampaignPlan = {
      ...{ seed, times, workers, conditions, targets: files.targets, context: files.context, tests: null },
      ...{ isEndless: isTimed, load: LOAD },
    };
    const hooks: CampaignHooks = {
      ...{ probe: session.probe, lanes: session.lanes, isOver: () => session.isOver() || isOver() },
      onResult: (result, all) => {
        const { sights, spans } = result;
        hostCounts.add(result);
        for (const { file } of [...sights, ...spans]) ran.add(file);
        tests = all;
      },
    };
    const outcome = own.isInOrder ? await repeatOrder(own, files, session) : await runCampaign(plan, hooks);
    const durationMs = Date.now() - begunAt;
    made.push(outcome);
    const shown: GrindView = { outcome, seed, durationMs, jestArgs, hosts: hosts() };
    process.stdout.write(`${grindLines(shown, stdoutTerminal()).join('\n')}\n`);
    session.check();
    return { outcome, tests, ran, durationMs };
  };
  const view = () => {
    if (made.length === 0) return undefined;
    return { outcome: joinOutcomes(made), seed, durationMs: Date.now() - startedAt, jestArgs, hosts: hosts() };
  };
  return { grind, view };
}

/** The exit code of a campaign of this node alone. */
export function exitCodeFor({ flaky, clean, faults }: CampaignOutcome, own: GrindArguments, files: GrindFiles): number {
  // Of several nodes one may have no file.
  const isNothing = flaky.length === 0 && clean === 0 && !files.isOthers;
  const isRed = isNothing || flaky.some(({ classification }) => own.failOn.includes(classification.verdict));
  return isRed || faults.length > 0 ? 1 : 0;
}
