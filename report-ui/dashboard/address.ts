/** What the address after `#` means on the dashboard: a page and what narrows it. */
import { useCallback, useEffect, useState } from 'preact/hooks';

type PageName = 'runs' | 'run' | 'failures' | 'flaky' | 'slow' | 'file' | 'test' | 'unknown';

export interface Address {
  readonly page: PageName;
  /** Of a run: its row, and which part of its page. Of a file or test: its path. */
  readonly id: string;
  readonly tab: string;
  readonly query: Readonly<Record<string, string>>;
}

export type Query = Readonly<Record<string, string | undefined>>;

const LISTS: readonly string[] = ['runs', 'failures', 'flaky', 'slow'] satisfies PageName[];

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function readAddress(hash: string): Address {
  const text = hash.replace(/^#\/?/, '');
  const at = text.indexOf('?');
  const [path, query] = at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
  const facts = { id: '', tab: '', query: Object.fromEntries(new URLSearchParams(query)) };
  if (path === '') return { page: 'runs', ...facts };
  if (LISTS.includes(path)) return { page: path as PageName, ...facts };
  const [kind = '', ...rest] = path.split('/');
  if (kind === 'run' && rest[0]) return { page: 'run', ...facts, id: decode(rest[0]), tab: rest[1] ?? '' };
  if ((kind === 'file' || kind === 'test') && rest.length > 0)
    return { page: kind, ...facts, id: decode(rest.join('/')) };
  return { page: 'unknown', ...facts };
}

function queryText(query: Query): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value) parameters.set(name, value);
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}

export const listAddress = (page: 'runs' | 'failures' | 'flaky' | 'slow', query: Query = {}): string =>
  `#/${page}${queryText(query)}`;

export const runAddress = (id: string, tab = ''): string =>
  `#/run/${encodeURIComponent(id)}${tab === '' ? '' : `/${tab}`}`;

interface Subject {
  readonly project: string | null;
  readonly path: string;
  readonly test?: string | null;
  readonly pipeline?: string | undefined;
}

/** The page of a file, or of a test, over time. */
export function subjectAddress({ project, path, test = null, pipeline }: Subject): string {
  const segments = path.split('/').map(encodeURIComponent).join('/');
  const query = { project: project ?? undefined, name: test ?? undefined, pipeline };
  return `#/${test === null ? 'file' : 'test'}/${segments}${queryText(query)}`;
}

/** The address, and a way to narrow it that is no visit of its own. */
export function useAddress(): [Address, (change: Query) => void] {
  const [address, setAddress] = useState(() => readAddress(location.hash));
  useEffect(() => {
    const onChange = () => {
      setAddress(readAddress(location.hash));
      scrollTo(0, 0);
      requestAnimationFrame(() => document.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true }));
    };
    addEventListener('hashchange', onChange);
    return () => removeEventListener('hashchange', onChange);
  }, []);
  const narrow = useCallback((change: Query) => {
    const [path = ''] = location.hash.split('?');
    const query = { ...readAddress(location.hash).query, ...change };
    history.replaceState(null, '', `${path === '' ? '#/runs' : path}${queryText(query)}`);
    setAddress(readAddress(location.hash));
  }, []);
  return [address, narrow];
}
