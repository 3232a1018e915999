/** Coverage that no report of this checkout will show, said rather than dropped in silence. */
import type { GatheredRun } from '../files/blob-gather';
import { type CheckoutFolders, openCheckout } from '../files/checkout';
import { countOf, type Finding, listNames } from '../results/finding';

/** A warning for each node whose coverage names files that are no sources of this repository. */
export function findForeignCoverage({ blobs }: GatheredRun, folders: CheckoutFolders): Finding[] {
  const checkout = openCheckout(folders);
  return blobs.flatMap(({ metadata: { node }, scanned }): Finding[] => {
    // As text inside JSON: what stands for the root is replaced on lines.
    const local = (file: string): string => JSON.parse(checkout.toLocal(JSON.stringify(file))) as string;
    const foreign = [...scanned.covered].filter((file) => !checkout.mayShow(local(file))).sort();
    if (foreign.length === 0) return [];
    return [
      {
        code: 'foreign-coverage',
        severity: 'warning',
        message: `Coverage of node ${node.number} names ${countOf(foreign.length, 'file')} that ${foreign.length === 1 ? 'is no source' : 'are no sources'} of this repository, and is left out: ${listNames(foreign)}.`,
        remedy:
          'Reports of coverage read what it names, so a blob may name only source files of the checkout. Keep others out with collectCoverageFrom or coveragePathIgnorePatterns.',
        nodes: [node.number],
        items: foreign,
      },
    ];
  });
}
