/** The checkout of the process that reads blobs, beside those of the nodes. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { BlobSummary } from '../blob/blob-summary';
import { commonCommit, knownContents, reportOtherCommit, reportOtherContents } from '../proof/compare-checkout';
import type { Finding } from '../proof/finding';
import { type CheckoutFolders, openCheckout } from './checkout';
import { readContents } from './contents';
import { headCommit } from './git';

/**
 * Compares commit and test files. What is not here is no difference: blobs may be read where there is no checkout at all.
 *
 * @param folders of this checkout.
 */
export async function compareOwnCheckout(blobs: readonly BlobSummary[], folders: CheckoutFolders): Promise<Finding[]> {
  const { rootDir } = folders;
  // A blob must not make known what other files of this machine hold.
  const { isInside } = openCheckout(folders);
  const nodes = commonCommit(blobs);
  const own = nodes === null ? undefined : await headCommit(rootDir);
  // One mistake, one finding: at another commit any file may be another.
  if (nodes !== null && own !== undefined && own.commit !== nodes.commit && own.tree !== nodes.tree)
    return [reportOtherCommit(nodes.commit, own.commit)];
  const { algorithm, contents } = knownContents(blobs);
  const here = contents
    .map((known) => ({ known, file: path.join(rootDir, ...known.place.split('/')) }))
    .filter(({ file }) => existsSync(file) && isInside(file));
  if (here.length === 0) return [];
  const read = await readContents(
    rootDir,
    here.map(({ file }) => file),
  );
  if (read.algorithm !== algorithm) return [];
  const differing = here.filter(({ known }, index) => {
    const name = read.names[index];
    return name !== undefined && name !== null && !name.startsWith(known.content);
  });
  return reportOtherContents(
    differing.map(({ known }) => known),
    nodes?.commit ?? null,
  );
}
