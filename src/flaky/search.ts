/**
 * Finds who of a list makes something fail: halves first, and where no half does it alone, the few that must come
 * together.
 *
 * Pure: it asks of a list whether that list makes it fail.
 */

export interface SearchHooks<T> {
  /** Whether the failure comes where only these are left, in their order. */
  readonly fails: (candidates: readonly T[]) => Promise<boolean>;
  /** How many are left, before each question. */
  readonly onStep?: (left: number) => void;
}

/** Questions that a list of so many takes where one of it is to blame. */
export const questionsFor = (count: number): number => 2 * Math.ceil(Math.log2(Math.max(2, count)));

const halves = <T>(items: readonly T[]): [T[], T[]] => {
  const middle = Math.ceil(items.length / 2);
  return [items.slice(0, middle), items.slice(middle)];
};

/**
 * The smallest list that still makes it fail, as far as halving finds it: with one to blame that one, after at most
 * 2·log2(n) questions.
 *
 * @param candidates all of which together make it fail; the caller has seen that.
 * @param limit of questions; what is left then is given back.
 */
export async function findCulprits<T>(
  candidates: readonly T[],
  { fails, onStep }: SearchHooks<T>,
  limit = Number.POSITIVE_INFINITY,
): Promise<readonly T[]> {
  let questions = 0;
  const ask = async (list: readonly T[]): Promise<boolean> => {
    questions += 1;
    return fails(list);
  };
  /** What of a list is needed beside others that stay. Zeller's ddmin, by halves. */
  const reduce = async (list: readonly T[], kept: readonly T[]): Promise<readonly T[]> => {
    onStep?.(list.length);
    if (list.length <= 1 || questions >= limit) return list;
    const [first, second] = halves(list);
    const inOrder = (some: readonly T[]) => candidates.filter((one) => some.includes(one) || kept.includes(one));
    // The last ones first: what ran just before is more often to blame.
    if (await ask(inOrder(second))) return reduce(second, kept);
    if (questions >= limit) return list;
    if (await ask(inOrder(first))) return reduce(first, kept);
    // Only together: what is needed of one half beside the other, then of the other beside that.
    const ofFirst = await reduce(first, [...kept, ...second]);
    const ofSecond = await reduce(second, [...kept, ...ofFirst]);
    return [...ofFirst, ...ofSecond];
  };
  const found = await reduce(candidates, []);
  return candidates.filter((one) => found.includes(one));
}
