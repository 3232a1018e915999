/** How often each test failed on each host: what fails on one of them alone has its cause there. */
import { type ProbedTest, type ProbeResult, testKey } from './probe';
import type { Count } from './statistics';

export interface HostCount extends Count {
  readonly host: string;
}

export interface HostCounts {
  add(result: ProbeResult): void;
  /** Of all its runs, replays too, in the order of the hosts; those that did not run it are left out. */
  of(test: ProbedTest): readonly HostCount[];
}

/** @param hosts by the names that a person gave. */
export function createHostCounts(hosts: readonly string[]): HostCounts {
  const counts = new Map<string, Map<string, { failures: number; runs: number }>>();
  return {
    add: ({ host, sights }) => {
      if (host === undefined) return;
      for (const sight of sights) {
        const key = testKey(sight);
        const ofTest = counts.get(key) ?? new Map<string, { failures: number; runs: number }>();
        const count = ofTest.get(host) ?? { failures: 0, runs: 0 };
        count.runs += 1;
        if (sight.outcome === 'failed') count.failures += 1;
        counts.set(key, ofTest.set(host, count));
      }
    },
    of: (test) => {
      const ofTest = counts.get(testKey(test));
      return hosts.flatMap((host) => {
        const count = ofTest?.get(host);
        return count === undefined ? [] : [{ host, ...count }];
      });
    },
  };
}
