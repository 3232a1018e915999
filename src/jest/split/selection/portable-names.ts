/**
 * Names of tests as all checkouts have them.
 *
 * A title may hold the path of the checkout (a table of fixtures does), which differs from node to node; tests are
 * placed and compared by their names. Workers learn from a variable what the checkout is: it stays the same for the
 * whole process, and nothing that differs between machines may stand in a project config.
 */

import { type TextMapping, toPortable } from '../../../blob/portable-paths';
import type { CheckoutFolders } from '../../../files/checkout';
import { setForWorkers, variableName } from '../../channels/environment';

/** To be called before workers are forked. */
export function announceCheckout({ rootDir, repositoryDir }: CheckoutFolders): void {
  setForWorkers('CHECKOUT', JSON.stringify({ rootDir, repositoryDir }));
}

let known: { readonly text: string; readonly map: TextMapping } | undefined;

/** The mapping in a process (or sandbox) of a run that was announced; else names stay as they are. */
export function portableNames(environment: NodeJS.ProcessEnv = process.env): TextMapping {
  const text = environment[variableName('CHECKOUT')];
  if (text === undefined || text === '') return (name) => name;
  if (known?.text !== text) {
    const { rootDir, repositoryDir } = JSON.parse(text) as CheckoutFolders;
    known = { text, map: toPortable(rootDir, repositoryDir) };
  }
  return known.map;
}
