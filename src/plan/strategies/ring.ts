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
const circle = 2 ** 32;
// A point and its node are sorted as one number, which is exact below 2^53.
const mostNodes = 2 ** 20;

export interface Ring {
  readonly nodes: number;
  /** Ascending. */
  readonly points: Uint32Array;
  /** Node index (0-based) of each point. */
  readonly owners: Uint32Array;
  /** Positions of each node's points, ascending: those of node n begin at n × 160. */
  readonly positions: Uint32Array;
  /** Position in `points` of the first point at or after the hash; after the last point comes the first. */
  readonly positionAt: (hash: number) => number;
  /** Node index (0-based) that a hash belongs to. */
  readonly nodeAt: (hash: number) => number;
}

export const pointsPerNode: number = digestsPerNode * pointsPerDigest;

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
  const positions = new Uint32Array(size);
  const filled = new Uint32Array(nodes);
  for (let position = 0; position < size; position++) {
    const value = packed[position] as number;
    const owner = value % mostNodes;
    points[position] = Math.floor(value / mostNodes);
    owners[position] = owner;
    positions[owner * pointsPerNode + (filled[owner] as number)] = position;
    filled[owner] = (filled[owner] as number) + 1;
  }
  const positionAt = indexPoints(points);
  return { nodes, points, owners, positions, positionAt, nodeAt: (hash) => owners[positionAt(hash)] as number };
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

/** Look-up through buckets of equal width, about one point each: constant time where binary search needs 17 steps. */
function indexPoints(points: Uint32Array): (hash: number) => number {
  const size = points.length;
  const bits = Math.min(20, Math.ceil(Math.log2(size)));
  const shift = 32 - bits;
  const width = circle / 2 ** bits;
  const firstAt = new Uint32Array(2 ** bits);
  let position = 0;
  for (let bucket = 0; bucket < firstAt.length; bucket++) {
    while (position < size && (points[position] as number) < bucket * width) position++;
    firstAt[bucket] = position;
  }
  return (hash) => {
    let at = firstAt[hash >>> shift] as number;
    while (at < size && (points[at] as number) < hash) at++;
    return at === size ? 0 : at;
  };
}
