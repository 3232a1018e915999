/** Coverage that no report of this checkout will show, reported rather than dropped silently. */

import { foreignSources } from '../../blob/own-coverage';
import { type CheckoutFolders, openCheckout } from '../../files/checkout';
import type { GatheredRun } from '../../files/load-run';
import { countOf, type Finding, listNames } from '../../proof/finding';

/** A warning for each node whose coverage names files that are no sources of this repository, itself or by a map. */
export function findForeignCoverage({ blobs }: GatheredRun, folders: CheckoutFolders): Finding[] {
  const { toLocal, mayShow } = openCheckout(folders);
  // As text inside JSON: what stands for the root is replaced on lines.
  const local = <T>(value: T): T => JSON.parse(toLocal(JSON.stringify(value))) as T;
  return blobs.flatMap(({ metadata: { node }, scanned }) => {
    const foreign = [...scanned.covered].filter((file) => !mayShow(local(file))).sort();
    const mapped = [...scanned.maps].flatMap(([file, map]) => {
      const place = local(file);
      const sources = mayShow(place) ? foreignSources(local({ ...map }), place, mayShow) : [];
      return sources.length === 0 ? [] : [`${file} (${listNames(sources)})`];
    });
    return [...reportForeign(node.number, foreign), ...reportMaps(node.number, mapped.sort())];
  });
}

function reportForeign(node: number, foreign: readonly string[]): Finding[] {
  if (foreign.length === 0) return [];
  return [
    {
      code: 'foreign-coverage',
      severity: 'warning',
      message: `Coverage of node ${node} names ${countOf(foreign.length, 'file')} that ${foreign.length === 1 ? 'is not a source' : 'are not sources'} of this repository, and is ignored: ${listNames(foreign)}.`,
      remedy:
        'Reports of coverage read what it names, so a blob may name only source files of the checkout. Keep others out with collectCoverageFrom or coveragePathIgnorePatterns.',
      nodes: [node],
      items: foreign,
    },
  ];
}

function reportMaps(node: number, mapped: readonly string[]): Finding[] {
  if (mapped.length === 0) return [];
  return [
    {
      code: 'foreign-coverage',
      severity: 'warning',
      message: `Source maps in the coverage of node ${node} name files that are no sources of this repository: ${listNames(mapped)}. The coverage is counted on the files that are mapped, so it can differ from that of a plain run.`,
      remedy: 'Let what compiles these files write the paths of their sources, relative to the map, into it.',
      nodes: [node],
      items: mapped,
    },
  ];
}
