/** What makes the probes of a command: this machine, or several hosts. */
import type { Lane } from '../../flaky/lanes';
import type { GrindHosts } from '../../reports/flaky/grind-lines';
import type { CampaignDisplay } from './campaign-display';
import { createProber } from './prober';

export interface Probers {
  /** May be asked for as many at a time as there are lanes. */
  readonly probe: Lane;
  readonly lanes: number;
  /** `Date.now()` when the first probe was begun; null before. */
  readonly startedAt: () => number | null;
  /** Null: this machine alone. */
  readonly hosts: () => Omit<GrindHosts, 'countsOf'> | null;
  /** Ends those that run. */
  readonly stop: (signal: NodeJS.Signals) => void;
  readonly close: () => Promise<void>;
}

/** Shows what is begun, and what is no probe. */
export type ProbersDisplay = Pick<CampaignDisplay, 'begin' | 'note'>;

/** One probe at a time, here. */
export function openProbersHere(jestArgs: readonly string[], display: ProbersDisplay): Probers {
  const { probe, stop, close } = createProber(jestArgs);
  const startedAt = Date.now();
  return {
    probe: (spec) => {
      display.begin(spec);
      return probe(spec);
    },
    ...{ lanes: 1, startedAt: () => startedAt, hosts: () => null, stop, close: async () => close() },
  };
}
