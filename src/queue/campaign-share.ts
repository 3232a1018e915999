/** How many files a node of a campaign takes at once, and for how long it grinds them. */

/** Of its fair share of what is left: the other part is for whoever is faster. */
const PART = 2;

/**
 * Files together find more: orders, and what two of them want at the same time. So a node takes many, and fewer towards
 * the end, when somebody would wait for it. One node alone takes all.
 *
 * @param open files without a result, those that other nodes have included.
 * @param isEndless a campaign that ends only when somebody stops it: nobody comes back for more.
 *
 * @example shareSize({ open: 12, nodes: 2, isEndless: false }) // 3
 */
export function shareSize({
  open,
  nodes,
  isEndless,
}: {
  readonly open: number;
  readonly nodes: number;
  readonly isEndless: boolean;
}): number {
  const parts = nodes === 1 || isEndless ? nodes : PART * nodes;
  return Math.max(1, Math.ceil(open / parts));
}

/**
 * The part of a node's time that is for what it took, so that some is left for its share of the others.
 *
 * @param remainingMs until its time is over.
 * @param taken files that it took.
 * @param open files without a result, without those that it took.
 */
export function shareTimeMs({
  remainingMs,
  taken,
  open,
  nodes,
}: {
  readonly remainingMs: number;
  readonly taken: number;
  readonly open: number;
  readonly nodes: number;
}): number {
  return (remainingMs * taken) / (taken + open / nodes);
}
