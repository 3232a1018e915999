/**
 * Coverage of files that are this repository's. Reporters of coverage read the sources that it names, and those that its
 * source maps name, and print them: a blob must not lead them elsewhere.
 */
import path from 'node:path';
import type { Json, JsonObject, StoredCoverage, V8Entry } from './blob';
import type { MayShow } from './inert-text';

/** All that any reader of source maps may take one of its sources for. */
function placesOf(source: string, sourceRoot: string, file: string): string[] {
  const plain = (text: string) => text.replace(/^webpack:\/\//, '').replace(/^file:\/\//, '');
  const folder = path.dirname(file);
  return [
    path.resolve(folder, plain(source)),
    path.resolve(folder, path.join(plain(sourceRoot), plain(source))),
    path.resolve(folder, plain(sourceRoot), plain(source)),
    ...(source.startsWith('file:') ? [source] : []),
  ];
}

const isText = (value: unknown): value is string => typeof value === 'string';

/** Whether every source of a map is one that may be shown. */
function isOwnMap(map: Json | undefined, file: string, mayShow: MayShow): boolean {
  if (map === null || map === undefined) return true;
  const { sources, sourceRoot, file: names } = map as { readonly [key: string]: Json };
  const root = isText(sourceRoot) ? sourceRoot : '';
  const listed = [...(Array.isArray(sources) ? sources : []), ...(isText(names) ? [names] : [])].filter(isText);
  return listed.every((source) => placesOf(source, root, file).every(mayShow));
}

function isOwnBabel(data: JsonObject, mayShow: MayShow): boolean {
  return isText(data.path) && mayShow(data.path) && isOwnMap(data.inputSourceMap, data.path, mayShow);
}

function isOwnV8({ result, transform }: V8Entry, mayShow: MayShow): boolean {
  return mayShow(result.url) && isOwnMap(transform?.sourceMap, result.url.replace(/^file:\/\//, ''), mayShow);
}

/** Without what is not this repository's. */
export function ownCoverage({ babel, v8 }: StoredCoverage, mayShow: MayShow): StoredCoverage {
  return {
    babel: babel && Object.fromEntries(Object.entries(babel).filter(([, data]) => isOwnBabel(data, mayShow))),
    v8: v8?.filter((entry) => isOwnV8(entry, mayShow)) ?? null,
  };
}
