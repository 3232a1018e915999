import { colorsOf, signsOf, type Terminal } from '../terminal/terminal';
import { cutEnd, printable } from '../terminal/text-width';

/** A view of each suite under its name, in the order in which the suites come. */
export function bySuite<Entry extends { readonly suite: string }>(
  entries: readonly Entry[],
  terminal: Terminal,
  view: (entries: readonly Entry[]) => readonly string[],
): string[] {
  const suites = [...new Set(entries.map(({ suite }) => suite))];
  return suites.flatMap((suite, index) => [
    ...(index === 0 ? [] : ['']),
    colorsOf(terminal).bold(cutEnd(printable(suite), terminal.columns, signsOf(terminal).ellipsis)),
    ...view(entries.filter((entry) => entry.suite === suite)),
  ]);
}
