import { colorsOf, signsOf, type Terminal } from '../terminal/terminal';
import { cutEnd, printable } from '../terminal/text-width';

/** A view of each pipeline under its name, in the order in which the pipelines come. */
export function byPipeline<Entry extends { readonly pipeline: string }>(
  entries: readonly Entry[],
  terminal: Terminal,
  view: (entries: readonly Entry[]) => readonly string[],
): string[] {
  const pipelines = [...new Set(entries.map(({ pipeline }) => pipeline))];
  return pipelines.flatMap((pipeline, index) => [
    ...(index === 0 ? [] : ['']),
    colorsOf(terminal).bold(cutEnd(printable(pipeline), terminal.columns, signsOf(terminal).ellipsis)),
    ...view(entries.filter((entry) => entry.pipeline === pipeline)),
  ]);
}
