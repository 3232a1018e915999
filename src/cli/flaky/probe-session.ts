/** Probes with what is around them: the display, the end of the time, and Ctrl-C. */
import { onStopSignal } from '../../files/processes';
import type { ProbeResult, ProbeSpec } from '../../flaky/probe';
import { openCampaignDisplay } from './campaign-display';
import { createProber } from './prober';

export interface ProbeSession {
  readonly probe: (spec: ProbeSpec) => Promise<ProbeResult>;
  readonly isOver: () => boolean;
  readonly stoppedBy: () => NodeJS.Signals | undefined;
  /** Ends the probe that runs, which then says nothing; no other one should be made. */
  readonly cutOff: () => void;
  readonly close: () => void;
}

/** Probes until the time is over or somebody stops it. */
export function openProbeSession(jestArgs: readonly string[], limitMs: number | null): ProbeSession {
  const prober = createProber(jestArgs);
  const display = openCampaignDisplay();
  const startedAt = Date.now();
  let stoppedBy: NodeJS.Signals | undefined;
  let isCutOff = false;
  const release = onStopSignal((signal, times) => {
    stoppedBy = signal;
    isCutOff = true;
    prober.stop(times > 1 ? 'SIGKILL' : 'SIGTERM');
  });
  return {
    async probe(spec) {
      display.begin(spec);
      const result = await prober.probe(spec);
      // What was cut off says nothing.
      const seen = !isCutOff ? result : { ...result, sights: [], spans: [], fault: null };
      display.end(seen);
      return seen;
    },
    isOver: () => isCutOff || (limitMs !== null && Date.now() - startedAt > limitMs),
    stoppedBy: () => stoppedBy,
    cutOff: () => {
      isCutOff = true;
      prober.stop('SIGTERM');
    },
    close: () => {
      release();
      display.close();
      prober.close();
    },
  };
}
