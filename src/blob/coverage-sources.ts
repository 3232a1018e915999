/**
 * Coverage without repeating the code.
 *
 * Every test file's coverage carries the shape of every source file it touched (statement maps, or with V8 code and
 * source map): megabytes that hardly differ from one test file to the next. A blob says each shape once, as a `source`
 * line, and a file line only counts.
 */
import type { Json, JsonObject, StoredCoverage, V8Entry, V8Transform } from './blob';

/** A `source` line. */
export interface SourceLine {
  readonly id: number;
  readonly data: JsonObject;
}

/** Both providers have lines of this kind: V8's hold code. */
export const isV8Source = (data: object): boolean => 'code' in data;

/** Coverage of a file line. */
export interface PackedCoverage {
  /** Source id → counters. */
  readonly babel: readonly (readonly [id: number, counters: JsonObject])[] | null;
  readonly v8: readonly { readonly source: number | null; readonly result: Json }[] | null;
}

export interface CoveragePacker {
  /** Sources not yet written come back in `sources` and must be written before the file. */
  pack(coverage: StoredCoverage): { readonly sources: readonly SourceLine[]; readonly packed: PackedCoverage };
}

/** What istanbul relies on, where a tool that is like it leaves something out. */
const EMPTY_COVERAGE: JsonObject = { statementMap: {}, fnMap: {}, branchMap: {}, s: {}, f: {}, b: {} };

const COUNTERS = ['s', 'f', 'b', 'bT'] as const;
type CounterName = (typeof COUNTERS)[number];

/** `{"0":1,"1":4}` → `[1,4]`, which is what istanbul's counters are nearly always. */
function packCounters(counters: Json): Json {
  if (typeof counters !== 'object' || counters === null || Array.isArray(counters)) return counters;
  const entries = Object.entries(counters);
  return entries.every(([key], index) => key === String(index)) ? entries.map(([, value]) => value) : counters;
}

const unpackCounters = (counters: Json): Json => (Array.isArray(counters) ? { ...counters } : counters);

function splitShape(data: JsonObject): { shape: JsonObject; counters: JsonObject } {
  const shape: Record<string, Json> = {};
  const counters: Record<string, Json> = {};
  for (const [key, value] of Object.entries(data)) {
    if (COUNTERS.includes(key as CounterName)) counters[key] = packCounters(value);
    else shape[key] = value;
  }
  return { shape, counters };
}

export function createCoveragePacker(): CoveragePacker {
  const babelIds = new Map<string, number>();
  // By url, then compared as text: strings of other worker messages are never the same object.
  const v8Ids = new Map<string, { readonly code: string; readonly id: number }[]>();
  let nextId = 0;

  const packBabel = (data: JsonObject, sources: SourceLine[]): readonly [number, JsonObject] => {
    const { shape, counters } = splitShape(data);
    // Istanbul's own hash covers shape and path; a tool that leaves it out costs the comparison of the whole shape.
    const key = typeof data.hash === 'string' ? `${String(data.path)}\0${data.hash}` : JSON.stringify(shape);
    let id = babelIds.get(key);
    if (id === undefined) {
      id = nextId++;
      babelIds.set(key, id);
      sources.push({ id, data: shape });
    }
    return [id, counters];
  };

  const packTransform = (url: string, transform: V8Transform | null, sources: SourceLine[]): number | null => {
    if (transform === null) return null;
    const known = v8Ids.get(url) ?? [];
    const same = known.find(({ code }) => code === transform.code);
    if (same !== undefined) return same.id;
    const id = nextId++;
    v8Ids.set(url, [...known, { code: transform.code, id }]);
    sources.push({ id, data: transform as unknown as JsonObject });
    return id;
  };

  return {
    pack(coverage) {
      const sources: SourceLine[] = [];
      const babel =
        coverage.babel === null ? null : Object.values(coverage.babel).map((data) => packBabel(data, sources));
      const v8 =
        coverage.v8 === null
          ? null
          : coverage.v8.map(({ result, transform }) => ({
              source: packTransform(result.url, transform, sources),
              result: result as unknown as Json,
            }));
      return { sources, packed: { babel, v8 } };
    },
  };
}

/**
 * The opposite of {@link CoveragePacker.pack}.
 *
 * @param source data of a `source` line of the same blob.
 */
export function unpackCoverage(packed: PackedCoverage, source: (id: number) => JsonObject): StoredCoverage {
  return {
    babel:
      packed.babel === null
        ? null
        : Object.fromEntries(
            packed.babel.map(([id, counters]) => {
              const shape = source(id);
              const counts = Object.entries(counters).map(([key, value]) => [key, unpackCounters(value)] as const);
              return [String(shape.path), { ...EMPTY_COVERAGE, ...shape, ...Object.fromEntries(counts) }];
            }),
          ),
    v8:
      packed.v8 === null
        ? null
        : packed.v8.map(
            ({ source: id, result }): V8Entry => ({
              result: result as unknown as V8Entry['result'],
              transform: id === null ? null : (source(id) as unknown as V8Transform),
            }),
          ),
  };
}
