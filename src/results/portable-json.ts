/**
 * Anything → JSON data with its texts mapped, whatever custom environments and runners may have put on a test result.
 */
import type { Json } from './blob';
import type { TextMapping } from './portable-paths';

const isPlain = (value: object): boolean =>
  Array.isArray(value) || typeof (value as { toJSON?: unknown }).toJSON !== 'function';

/** Stops a copy that would never end; thrown and caught in this file only. */
const tooMuch = Symbol('too much');

interface Copier {
  readonly map: TextMapping;
  /** Objects on the way from the top to here. */
  readonly open: Set<object>;
  /** Values that may still be copied. */
  budget: number;
}

function copyObject(value: object, copier: Copier): Json | undefined {
  if (copier.open.has(value)) throw tooMuch;
  copier.open.add(value);
  let result: Json | undefined;
  if (Array.isArray(value)) {
    result = value.map((entry) => copyValue(entry, copier) ?? null);
  } else if (!isPlain(value)) {
    result = copyValue((value as { toJSON: () => unknown }).toJSON(), copier);
  } else {
    const copied: Record<string, Json> = {};
    for (const [key, entry] of Object.entries(value)) {
      const json = copyValue(entry, copier);
      // Not by assignment: a test may well be about `__proto__`.
      if (json !== undefined) {
        Object.defineProperty(copied, copier.map(key), {
          value: json,
          enumerable: true,
          configurable: true,
          writable: true,
        });
      }
    }
    result = copied;
  }
  copier.open.delete(value);
  return result;
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

/**
 * A copy as `JSON.stringify` would write it, with every text and key mapped and a BigInt as its digits.
 *
 * @param limit number of values after which it gives up.
 * @returns undefined where the value has no JSON, refers to itself or is larger than the limit.
 */
export function toPortableJson(value: unknown, map: TextMapping, limit = Number.POSITIVE_INFINITY): Json | undefined {
  try {
    return copyValue(value, { map, open: new Set(), budget: limit });
  } catch (error) {
    if (error === tooMuch) return undefined;
    throw error;
  }
}
