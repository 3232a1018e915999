/** How sure a few runs make us. All rates are shares of 1. */

/** Of a two-sided interval with 95 % confidence. */
const Z95 = 1.959963984540054;

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Wilson's interval with 95 % confidence of the rate at which something fails; without a run nothing is known. */
export function wilson(failures: number, runs: number): Interval {
  if (runs === 0) return { low: 0, high: 1 };
  const share = failures / runs;
  const z2 = Z95 * Z95;
  const centre = share + z2 / (2 * runs);
  const half = Z95 * Math.sqrt((share * (1 - share)) / runs + z2 / (4 * runs * runs));
  const scale = 1 + z2 / runs;
  return {
    low: failures === 0 ? 0 : Math.max(0, (centre - half) / scale),
    high: failures === runs ? 1 : Math.min(1, (centre + half) / scale),
  };
}

/** Logarithms of factorials, as far as anybody has asked. */
const logFactorials = [0];

function logFactorial(n: number): number {
  for (let k = logFactorials.length; k <= n; k++) logFactorials.push((logFactorials[k - 1] as number) + Math.log(k));
  return logFactorials[n] as number;
}

const logChoose = (n: number, k: number): number => logFactorial(n) - logFactorial(k) - logFactorial(n - k);

export interface Count {
  readonly failures: number;
  readonly runs: number;
}

export function sumOf(counts: readonly Count[]): Count {
  return counts.reduce((sum, { failures, runs }) => ({ failures: sum.failures + failures, runs: sum.runs + runs }), {
    failures: 0,
    runs: 0,
  });
}

/**
 * Fisher's exact test, one-sided: how likely the first group fails at least as often as it did by chance alone, if both
 * fail at one rate.
 */
export function fisher(first: Count, second: Count): number {
  const failures = first.failures + second.failures;
  const runs = first.runs + second.runs;
  const all = logChoose(runs, failures);
  let chance = 0;
  for (let k = first.failures; k <= Math.min(first.runs, failures); k++) {
    if (failures - k > second.runs) continue;
    chance += Math.exp(logChoose(first.runs, k) + logChoose(second.runs, failures - k) - all);
  }
  return Math.min(1, chance);
}

/**
 * Green runs in a row after which a test that fails at this rate would have failed once, with the given certainty.
 * Infinity where it never fails.
 */
export function greenRunsNeeded(rate: number, certainty = 0.95): number {
  if (rate <= 0) return Number.POSITIVE_INFINITY;
  if (rate >= 1) return 1;
  return Math.ceil(Math.log(1 - certainty) / Math.log(1 - rate));
}

/** The value below which a share of the values lies, by nearest rank; null of none. */
export function quantile(values: readonly number[], share: number): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] as number;
}
