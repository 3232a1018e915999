/** Where in the project's own code a failure was met, and its address on the web. */
import { stripEscapes } from './escape-codes';
import type { ReportLinks } from './report-links';

export interface SourcePlace {
  /** Relative to Jest's root, POSIX. */
  readonly path: string;
  readonly line: number;
}

const FRAME = /^\s*at (?:async )?(?:.*\()?([^()\s][^()]*?):(\d+):\d+\)?\s*$/;

/** Below the root, and not somebody else's code. */
const isOwn = (path: string): boolean =>
  !(/^(?:node:|[/\\]|[a-z]:|<|file:)/i.test(path) || /(?:^|[/\\])(?:node_modules|\.\.)(?:[/\\]|$)/.test(path));

/** The first frame in own code. */
export function findSource(messages: readonly string[]): SourcePlace | null {
  for (const line of messages.flatMap((message) => stripEscapes(message).split('\n'))) {
    const [, path, number] = FRAME.exec(line) ?? [];
    if (path !== undefined && isOwn(path)) return { path: path.replaceAll('\\', '/'), line: Number(number) };
  }
  return null;
}

/** @returns null where nobody knows how the repository is shown. */
export function sourceAddress({ path, line }: SourcePlace, { files }: ReportLinks): string | null {
  if (files === null) return null;
  const segments = path.split('/').filter((segment) => segment !== '' && segment !== '.');
  return `${files.base}${files.root}${segments.map(encodeURIComponent).join('/')}${files.line}${line}`;
}
