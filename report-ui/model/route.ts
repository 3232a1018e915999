/**
 * What the address after `#` means. Everything a person may want to send to another is in it: page, filters, file, test.
 */
import type { Filter } from './filter';

export type ListName = 'failures' | 'timeline' | 'files' | 'tests';

export interface FileName {
  readonly project: string | null;
  readonly path: string;
}

export type Route =
  | { readonly page: 'overview' }
  | { readonly page: ListName; readonly filter: Filter }
  | ({ readonly page: 'file' } & FileName)
  /** `occurrence` tells tests of one name apart, from 1. */
  | ({ readonly page: 'test'; readonly name: string; readonly occurrence: number } & FileName)
  | { readonly page: 'unknown'; readonly address: string };

export const NO_FILTER: Filter = { status: '', node: '', project: '', text: '', sort: '' };

const lists: readonly string[] = ['failures', 'timeline', 'files', 'tests'] satisfies ListName[];

export function readRoute(hash: string): Route {
  const [path = '', query = ''] = split(hash.replace(/^#\/?/, ''), '?');
  const parameters = new URLSearchParams(query);
  if (path === '') return { page: 'overview' };
  if (lists.includes(path)) {
    const read = (name: keyof Filter) => parameters.get(name) ?? '';
    return {
      page: path as ListName,
      filter: {
        status: read('status'),
        node: read('node'),
        project: read('project'),
        text: read('text'),
        sort: read('sort'),
      },
    };
  }
  const [kind = '', rest = ''] = split(path, '/');
  const file = { project: parameters.get('project'), path: decode(rest) };
  if (kind === 'file' && rest !== '') return { page: 'file', ...file };
  if (kind === 'test' && rest !== '') {
    const occurrence = Number(parameters.get('occurrence') ?? 1);
    return { page: 'test', ...file, name: parameters.get('name') ?? '', occurrence };
  }
  return { page: 'unknown', address: hash };
}

export function writeRoute(route: Route): string {
  const parameters = new URLSearchParams();
  switch (route.page) {
    case 'overview':
      return '#/';
    case 'unknown':
      return route.address;
    case 'file':
    case 'test': {
      if (route.project !== null) parameters.set('project', route.project);
      if (route.page === 'test') {
        parameters.set('name', route.name);
        if (route.occurrence > 1) parameters.set('occurrence', String(route.occurrence));
      }
      const path = route.path.split('/').map(encodeURIComponent).join('/');
      return `#/${route.page}/${path}${queryOf(parameters)}`;
    }
    default:
      for (const [name, value] of Object.entries(route.filter)) if (value !== '') parameters.set(name, value);
      return `#/${route.page}${queryOf(parameters)}`;
  }
}

function queryOf(parameters: URLSearchParams): string {
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}

function split(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
