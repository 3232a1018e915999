/** How many items a node claims at once. */

/** Waiting for a claim that takes less than a 20th of the file is cheaper than holding a file back from an idle node. */
const WORTH_WAITING = 20;
/** So many claims' time of work lies ready, so that one slow claim is not noticed. */
const CLAIMS_AHEAD = 4;
/** A claim for every file would cost a short one a few percent; nobody waits long for so little that is held back. */
const HELD_BACK_MS = 400;
const MOST_AT_ONCE = 50;

export interface BatchInit {
  readonly workers: number;
  /** Predicted duration of the item that comes next, or null where it is not known yet. */
  readonly nextMs: number | null;
  /** How long a claim takes. */
  readonly claimMs: number;
}

/**
 * How many items should lie ready without a worker for them: none where files are long, a few where files are short, more
 * where the database is far as well.
 *
 * @example aheadCount({ workers: 4, nextMs: 10_000, claimMs: 30 }) // 0
 * @example aheadCount({ workers: 4, nextMs: 100, claimMs: 30 }) // 16
 */
export function aheadCount({ workers, nextMs, claimMs }: BatchInit): number {
  if (nextMs === null) return 0;
  const estimate = Math.max(1, nextMs);
  const forCost = estimate < HELD_BACK_MS ? workers * Math.floor(HELD_BACK_MS / estimate) : 0;
  const forWait = estimate > WORTH_WAITING * claimMs ? 0 : Math.ceil((workers * CLAIMS_AHEAD * claimMs) / estimate);
  return Math.min(MOST_AT_ONCE, Math.max(forCost, forWait));
}

/** What items took on this node beside what was expected of them; older ones weigh less. */
export interface Pace {
  readonly estimate: number;
  readonly tookMs: number;
}

export const NO_PACE: Pace = { estimate: 0, tookMs: 0 };

const REMEMBERED = 0.8;

export function paceAfter({ estimate, tookMs }: Pace, ran: Pace): Pace {
  return { estimate: REMEMBERED * estimate + ran.estimate, tookMs: REMEMBERED * tookMs + ran.tookMs };
}

/**
 * What an item will take here. Before a pipeline has a history its expectations are sizes or all alike, and not
 * milliseconds: a node that believed them took all files at once, and the others stood idle.
 *
 * @param estimate of the item that was claimed last: as the longest go first, the next are shorter.
 * @returns null before anything ran.
 */
export function predictMs(estimate: number | null, pace: Pace): number | null {
  if (estimate === null || pace.estimate === 0) return null;
  return (estimate * pace.tookMs) / pace.estimate;
}
