/** Probes with what is around them: the display, the end of the time, and Ctrl-C. */
import { onStopSignal } from '../../files/processes';
import type { Lane } from '../../flaky/lanes';
import type { ProbeResult } from '../../flaky/probe';
import { openCampaignDisplay } from './campaign-display';
import type { Probers, ProbersDisplay } from './probers';

export interface ProbeSession extends Pick<Probers, 'lanes' | 'hosts'> {
  readonly probe: Lane;
  /** The time is over, or it was cut off. */
  readonly isOver: () => boolean;
  /** The last probes say nothing, and there are no others: it was stopped, or nobody is left who makes them. */
  readonly isCutOff: () => boolean;
  readonly stoppedBy: () => NodeJS.Signals | undefined;
  /** Ends the probes that run, which then say nothing; no other one should be made. */
  readonly cutOff: () => void;
  /** @throws what kept probes from being made, if anything but the end of it did. */
  readonly check: () => void;
  readonly close: () => Promise<void>;
}

/**
 * Probes until the time is over or somebody stops it.
 *
 * @param open gets what shows what is begun.
 */
export async function openProbeSession(
  open: (display: ProbersDisplay) => Promise<Probers>,
  limitMs: number | null,
): Promise<ProbeSession> {
  const display = openCampaignDisplay();
  const probers = await open(display);
  let stoppedBy: NodeJS.Signals | undefined;
  let isStopped = false;
  let fault: { readonly error: unknown } | undefined;
  const stop = (signal: NodeJS.Signals) => {
    isStopped = true;
    probers.stop(signal);
  };
  const release = onStopSignal((signal, times) => {
    stoppedBy = signal;
    stop(times > 1 ? 'SIGKILL' : 'SIGTERM');
  });
  const isCutOff = () => isStopped || fault !== undefined;
  const isTimeOver = () => {
    const startedAt = probers.startedAt();
    return limitMs !== null && startedAt !== null && Date.now() - startedAt > limitMs;
  };
  return {
    async probe(spec) {
      const nothing: ProbeResult = { spec, sights: [], spans: [], fault: null };
      const result = await probers.probe(spec).catch((error: unknown) => {
        if (!isStopped) fault ??= { error };
        return nothing;
      });
      // What was cut off says nothing.
      const seen = isStopped ? nothing : result;
      display.end(seen);
      return seen;
    },
    isOver: () => isCutOff() || isTimeOver(),
    ...{ isCutOff, lanes: probers.lanes, hosts: probers.hosts },
    stoppedBy: () => stoppedBy,
    cutOff: () => stop('SIGTERM'),
    check: () => {
      if (fault !== undefined) throw fault.error;
    },
    close: async () => {
      release();
      display.close();
      await probers.close();
    },
  };
}
