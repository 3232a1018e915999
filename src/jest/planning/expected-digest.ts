/** The digest that somebody expects of the plan: that of the run to repeat, or of another node. */
import { DistributedError } from '../../errors';
import { shownPath } from '../../files/folders';
import { isInCommit } from '../../files/git';
import type { Plan } from '../../plan/plan';
import { commandText, shellOf } from '../../shell/quote';
import { notUsedText } from './timings-source';

export interface ShareInputs {
  /** What decides the shares besides the commit, as people name it. */
  readonly other: string;
  /** The timings file that is there but may not be used, absolute. */
  readonly unusedTimings?: string | undefined;
}

/**
 * @param expected the digest or its beginning, and where it came from; undefined: any will do.
 * @throws DistributedError DIGEST_DIFFERS
 */
export async function checkDigest(
  plan: Plan,
  expected: { readonly value: string; readonly source: string } | undefined,
  { other, unusedTimings }: ShareInputs,
): Promise<void> {
  if (expected === undefined || plan.digest.startsWith(expected.value)) return;
  // Whoever merges a run where it was started has new durations in the file, and repeats a node there.
  const isModified = unusedTimings !== undefined && (await isInCommit(unusedTimings));
  const isOther = `check out the commit of the run with that digest. If the commit is the same, settings or Jest's arguments differ; compare: npx jest-distributed plan --nodes ${plan.nodes.length} --json`;
  throw new DistributedError({
    code: 'DIGEST_DIFFERS',
    message: `This node's plan has the digest ${plan.digest}, but ${expected.value} is expected (from ${expected.source}).`,
    remedy: isModified
      ? `${notUsedText(unusedTimings)}. To go back to the file of the commit, without the durations of later runs:
    ${commandText(['git', 'checkout', 'HEAD', '--', shownPath(unusedTimings)], shellOf(process.platform, process.env))}
  If the digest still differs, ${isOther}`
      : `Usually the commit differs, or ${other}: ${isOther}`,
  });
}
