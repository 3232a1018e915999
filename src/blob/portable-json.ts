/**
 * Anything → JSON data with its texts mapped, whatever tests, custom environments and runners may have put on a test
 * result: objects whose getters throw, proxies that were revoked, windows of a browser, circles, graphs of a million.
 *
 * Every property is copied by itself: what cannot be read is left out, and what stands beside it is kept.
 */
import type { Json } from './blob';
import type { TextMapping } from './portable-paths';

/** Deeper than tests' data; a reader of blobs refuses what is nested deeper than 500. */
const DEEPEST = 100;

/** Stops a copy that would never end; thrown and caught in this file only. */
const tooMuch = Symbol('too much');

interface Copier {
  readonly map: TextMapping;
  /** Objects on the way from the top to here. */
  readonly open: Set<object>;
  /** Values that may still be copied. */
  budget: number;
}

/** What code of others gives, or undefined where it throws. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** Not by assignment: a test may well be about `__proto__`. */
function put(target: Record<string, Json>, name: string, value: Json): void {
  Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
}

function copyList(value: readonly unknown[], copier: Copier): Json {
  const length = attempt(() => value.length) ?? 0;
  const copied: Json[] = [];
  for (let index = 0; index < length; index++) {
    copied.push(
      copyValue(
        attempt(() => value[index]),
        copier,
      ) ?? null,
    );
  }
  return copied;
}

function copyFields(value: object, copier: Copier): Json {
  const copied: Record<string, Json> = {};
  for (const name of attempt(() => Object.keys(value)) ?? []) {
    const json = copyValue(
      attempt(() => (value as Record<string, unknown>)[name]),
      copier,
    );
    if (json !== undefined) put(copied, copier.map(name), json);
  }
  return copied;
}

function copyObject(value: object, copier: Copier): Json | undefined {
  // Refers to itself, or is a tree such as a list linked by its nodes.
  if (copier.open.has(value) || copier.open.size >= DEEPEST) return undefined;
  copier.open.add(value);
  try {
    // The names of the bytes of a large buffer alone would fill the memory.
    if (attempt(() => Array.isArray(value)) === true || ArrayBuffer.isView(value)) {
      return copyList(value as unknown as readonly unknown[], copier);
    }
    const toJSON = attempt(() => (value as { toJSON?: unknown }).toJSON);
    if (typeof toJSON !== 'function') return copyFields(value, copier);
    const made = attempt(() => ({ value: toJSON.call(value) as unknown }));
    // One that throws says nothing of the object; its fields do.
    return made === undefined ? copyFields(value, copier) : copyValue(made.value, copier);
  } finally {
    copier.open.delete(value);
  }
}

function copyValue(value: unknown, copier: Copier): Json | undefined {
  copier.budget -= 1;
  if (copier.budget < 0) throw tooMuch;
  switch (typeof value) {
    case 'string':
      return copier.map(value);
    case 'number':
      return Number.isFinite(value) ? value : null;
    case 'boolean':
      return value;
    case 'bigint':
      return String(value);
    case 'object':
      return value === null ? null : copyObject(value, copier);
    default:
      return undefined;
  }
}

/** Values of a whole result, its coverage included, beyond which it cannot be the work of a test runner. */
const MOST_VALUES = 50_000_000;

/**
 * A copy as `JSON.stringify` would write it, with every text and key mapped and a BigInt as its digits. What refers to
 * itself, throws when it is read or lies too deep is left out. Never throws.
 *
 * @param limit number of values after which it gives up.
 * @returns undefined where the value has no JSON or is larger than the limit.
 */
export function toPortableJson(value: unknown, map: TextMapping, limit = MOST_VALUES): Json | undefined {
  try {
    return copyValue(value, { map, open: new Set(), budget: limit });
  } catch {
    return undefined;
  }
}
