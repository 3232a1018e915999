/** What the database of a queue run, the second witness, had to say of it. */
import { countOf, listNames } from './finding';

export interface DatabaseWord {
  readonly asked: boolean;
  /** Items with a result that counts there. */
  readonly items: number;
  /** Of those, how many the merged results agree with. */
  readonly confirmed: number;
  /** Results that no report folder held and that were taken from there, by node. */
  readonly recovered: readonly { readonly node: string; readonly results: number }[];
}

export const NOT_ASKED: DatabaseWord = { asked: false, items: 0, confirmed: 0, recovered: [] };

/** In a clause; null where the run had no database. */
export function databaseText(word: DatabaseWord | null | undefined): string | null {
  if (!word) return null;
  if (!word.asked) return 'the database was not asked (--database-url)';
  const { items, confirmed, recovered } = word;
  const total = recovered.reduce((sum, { results }) => sum + results, 0);
  const nodes = recovered.map(({ node, results }) => `${results} of node ${node}`);
  const taken =
    total === 0
      ? ''
      : `; ${countOf(total, 'result')} came from it, as no report folder holds them: ${listNames(nodes)}`;
  return `confirmed by the database: ${confirmed} of ${countOf(items, 'item')}${taken}`;
}
