/**
 * The ketama continuum: 160 points for every node on a circle of 2^32, and a key belongs to the node of the first point
 * at or after its hash.
 *
 * Compatible with libketama (https://github.com/RJ/ketama) for equal weights: md5 of `<name>-<k>` for k = 0..39, each
 * digest giving four little-endian points. Always exactly 40 digests: libketama rounds in float32 and npm `hashring` in
 * float64, so for a few N they give every node only 39.
 */
import { md5 } from '../md5';

const digestsPerNode = 40;
const pointsPerDigest = 4;
// A point and its node are sorted as one number, which is exact below 2^53.
const mostNodes = 2 ** 20;

export interface Ring {
  readonly nodes: number;
  /** Ascending. */
  readonly points: Uint32Array;
  /** Node index (0-based) of each point. */
  readonly owners: Uint32Array;
  /** Position in `points` of the first point at or after the hash; after the last point comes the first. */
  readonly positionAt: (hash: number) => number;
  /** Node index (0-based) that a hash belongs to. */
  readonly nodeAt: (hash: number) => number;
}

const pointsPerNode = digestsPerNode * pointsPerDigest;

/** The ketama hash of a key: the first four bytes of its MD5 digest, little-endian. */
export function hashKey(key: string): number {
  return md5(key).readUInt32LE(0);
}

/**
 * Builds the continuum of nodes with these names; node n is `names[n]`.
 *
 * @example buildRing(['10.0.1.1:11211', '10.0.1.2:11211']).nodeAt(hashKey('foo'))
 */
export function buildRing(names: readonly string[]): Ring {
  const nodes = names.length;
  if (nodes < 1 || nodes > mostNodes) throw new RangeError(`A ring has 1 to ${mostNodes} nodes, not ${nodes}.`);
  const size = nodes * pointsPerNode;
  // Two nodes that share a point are ordered by their number.
  const packed = new Float64Array(size);
  let at = 0;
  names.forEach((name, node) => {
    for (let k = 0; k < digestsPerNode; k++) {
      const digest = md5(`${name}-${k}`);
      for (let point = 0; point < pointsPerDigest; point++) {
        packed[at++] = digest.readUInt32LE(point * 4) * mostNodes + node;
      }
    }
  });
  packed.sort();

  const points = new Uint32Array(size);
  const owners = new Uint32Array(size);
  for (let position = 0; position < size; position++) {
    const value = packed[position] as number;
    points[position] = Math.floor(value / mostNodes);
    owners[position] = value % mostNodes;
  }
  const positionAt = (hash: number) => positionIn(points, hash);
  return { nodes, points, owners, positionAt, nodeAt: (hash) => owners[positionAt(hash)] as number };
}

const built = new Map<number, Ring>();
const mostBuilt = 64;

/** The continuum that places test files on N nodes: their names are "1" to "N". Kept, so asking again is free. */
export function ringFor(nodes: number): Ring {
  const known = built.get(nodes);
  if (known !== undefined) return known;
  if (built.size === mostBuilt) built.clear();
  const ring = buildRing(Array.from({ length: nodes }, (_, index) => String(index + 1)));
  built.set(nodes, ring);
  return ring;
}

/** By binary search; after the last point comes the first. */
function positionIn(points: Uint32Array, hash: number): number {
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((points[middle] as number) < hash) low = middle + 1;
    else high = middle;
  }
  return low === points.length ? 0 : low;
}
