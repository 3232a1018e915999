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

const placeOf = (url: string): string => url.replace(/^file:\/\//, '');

/** Sources of a map, among them the file that it says it is of. */
function sourcesOf(map: Json | undefined): { readonly listed: readonly string[]; readonly root: string } {
  if (map === null || map === undefined) return { listed: [], root: '' };
  const { sources, sourceRoot, file: names } = map as { readonly [key: string]: Json };
  const listed = [...(Array.isArray(sources) ? sources : []), ...(isText(names) ? [names] : [])].filter(isText);
  return { listed, root: isText(sourceRoot) ? sourceRoot : '' };
}

/** What a map names and what may not be shown. @param file what it maps, a path or file URL. */
export function foreignSources(map: Json | undefined, file: string, mayShow: MayShow): string[] {
  const { listed, root } = sourcesOf(map);
  return listed.filter((source) => !placesOf(source, root, placeOf(file)).every(mayShow));
}

/**
 * A map that leads to no file but those that may be shown. Where the only source is another, the file itself stands for
 * it: positions, and with them all numbers, stay. Of several nobody knows which lines are whose, and the map is dropped.
 */
function ownMap(map: Json, file: string, mayShow: MayShow): Json {
  if (foreignSources(map, file, mayShow).length === 0) return map;
  const { file: _file, sourceRoot: _root, ...rest } = map as { readonly [key: string]: Json };
  return Array.isArray(rest.sources) && rest.sources.length === 1 ? { ...rest, sources: [placeOf(file)] } : null;
}

function ownBabel(data: JsonObject, mayShow: MayShow): JsonObject[] {
  if (!isText(data.path) || !mayShow(data.path)) return [];
  const { inputSourceMap, ...rest } = data;
  if (inputSourceMap === undefined || inputSourceMap === null) return [data];
  const map = ownMap(inputSourceMap, data.path, mayShow);
  return [map === null ? rest : { ...rest, inputSourceMap: map }];
}

function ownV8({ result, transform }: V8Entry, mayShow: MayShow): V8Entry[] {
  if (!mayShow(result.url)) return [];
  return [
    { result, transform: transform && { ...transform, sourceMap: ownMap(transform.sourceMap, result.url, mayShow) } },
  ];
}

/** Without what is not this repository's; of a file that is, all counters stay. */
export function ownCoverage({ babel, v8 }: StoredCoverage, mayShow: MayShow): StoredCoverage {
  return {
    babel:
      babel &&
      Object.fromEntries(
        Object.entries(babel).flatMap(([name, data]) => ownBabel(data, mayShow).map((own) => [name, own] as const)),
      ),
    v8: v8?.flatMap((entry) => ownV8(entry, mayShow)) ?? null,
  };
}
