import type { Ring } from './ring';

/** The first node clockwise from a position that fits, or undefined where none does. */
export function firstClockwise(
  { owners, nodes }: Ring,
  from: number,
  fits: (node: number) => boolean,
): number | undefined {
  const asked = new Uint8Array(nodes);
  for (let step = 0, left = nodes; step < owners.length && left > 0; step++) {
    const node = owners[(from + step) % owners.length] as number;
    if (asked[node] === 1) continue;
    if (fits(node)) return node;
    asked[node] = 1;
    left--;
  }
  return undefined;
}
