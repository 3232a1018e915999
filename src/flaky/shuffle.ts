/** Orders that a seed gives again. */

/** A whole number of 32 bits. */
export const isSeed = (value: number): boolean => Number.isInteger(value) && value >= 0 && value < 2 ** 32;

/** The next number of a sequence in [0, 1), from a seed: mulberry32. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The seed of one of many probes. Jest takes whole numbers of 31 bits. */
export const seedOf = (seed: number, index: number): number => Math.floor(randomOf(seed + index * 7919)() * 2 ** 31);

/** Each order is as likely as any other. */
export function shuffle<T>(items: readonly T[], seed: number): T[] {
  const random = randomOf(seed);
  const shuffled = [...items];
  for (let last = shuffled.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [shuffled[last], shuffled[other]] = [shuffled[other] as T, shuffled[last] as T];
  }
  return shuffled;
}

/**
 * An order in which a heavy item comes early more often than a light one; of equal ones each is as likely first.
 *
 * @param weightOf above 0.
 */
export function weightedShuffle<T>(items: readonly T[], weightOf: (item: T) => number, seed: number): T[] {
  const random = randomOf(seed);
  // Efraimidis and Spirakis: each draws for each unit of its weight, and its best draw counts.
  return items
    .map((item) => ({ item, drawn: Math.log(1 - random()) / weightOf(item) }))
    .sort((a, b) => b.drawn - a.drawn)
    .map(({ item }) => item);
}

/** Lists of so many have few enough orders that each can come before one comes twice. */
const ALL_ORDERS = 6;

const factorial = (count: number): number => (count <= 1 ? 1 : count * factorial(count - 1));

/** The order with this number, from 0 for the given one. */
function orderAt<T>(items: readonly T[], index: number): T[] {
  const left = [...items];
  let rest = index;
  return items.map((_, place) => {
    const size = factorial(items.length - 1 - place);
    const [taken] = left.splice(Math.floor(rest / size), 1);
    rest %= size;
    return taken as T;
  });
}

/**
 * The order of one round of many: the given one first, and of a short list each order once before any comes again.
 *
 * @param round from 0.
 */
export function orderOf<T>(items: readonly T[], seed: number, round: number): T[] {
  if (round === 0) return [...items];
  if (items.length > ALL_ORDERS) return shuffle(items, seedOf(seed, round));
  const count = factorial(items.length);
  const others = shuffle(
    Array.from({ length: count - 1 }, (_, index) => index + 1),
    seed,
  );
  return orderAt(items, [0, ...others][round % count] as number);
}
