/**
 * Checks of data that somebody else has written: what must be there, and of which type.
 *
 * By hand and not by a library: a blob of a large suite has millions of small objects, all of them are checked, and a
 * check costs a fraction of parsing the line. Fields that a shape does not name pass: a newer minor version adds some.
 */
import { isObject } from '../options/object';

/**
 * @returns undefined where the value fits; else where and why not, to be put behind the name of the value:
 *   `.tests[3].status must be a text and is a number`.
 */
export type Check = (value: unknown) => string | undefined;

function typeOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  switch (typeof value) {
    case 'string':
      return 'a text';
    case 'object':
      return 'an object';
    case 'boolean':
      return String(value);
    default:
      // A number, as data from JSON can be nothing else.
      return String(value).slice(0, 40);
  }
}

const mustBe = (what: string, value: unknown): string => ` must be ${what} and is ${typeOf(value)}`;

export const text: Check = (value) => (typeof value === 'string' ? undefined : mustBe('a text', value));

/** A text of people or machines' names: long enough for every path, and no way to fill a page. */
export const shortText: Check = (value) =>
  typeof value === 'string' && value.length <= 4096 ? undefined : mustBe('a text of at most 4,096 characters', value);

export const flag: Check = (value) => (typeof value === 'boolean' ? undefined : mustBe('true or false', value));

/** A whole number between two bounds. */
export const integer =
  (min: number, max: number = Number.MAX_SAFE_INTEGER): Check =>
  (value) =>
    Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max
      ? undefined
      : mustBe(
          max === Number.MAX_SAFE_INTEGER ? `a whole number from ${min}` : `a whole number from ${min} to ${max}`,
          value,
        );

/** The latest time that a Date can hold, in milliseconds; beyond, dates throw. */
const LATEST_MS = 8.64e15;

/** A point in time or a duration in milliseconds, as a clock that was set back may also give it. */
export const milliseconds: Check = (value) =>
  typeof value === 'number' && Math.abs(value) <= LATEST_MS ? undefined : mustBe('a number of milliseconds', value);

/** Any number; JSON knows no infinite one. */
export const number: Check = (value) =>
  typeof value === 'number' && Math.abs(value) <= Number.MAX_VALUE ? undefined : mustBe('a number', value);

export const anything: Check = () => undefined;

export const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined ? undefined : check(value);

export const nullable =
  (check: Check): Check =>
  (value) =>
    value === null ? undefined : check(value);

/** Null, absent or of the shape. */
export const maybe = (check: Check): Check => optional(nullable(check));

export const oneOf =
  (...choices: readonly string[]): Check =>
  (value) =>
    typeof value === 'string' && choices.includes(value) ? undefined : mustBe(`one of ${choices.join(', ')}`, value);

export function list(check: Check, longest: number = Number.POSITIVE_INFINITY): Check {
  return (value) => {
    if (!Array.isArray(value)) return mustBe('a list', value);
    if (value.length > longest) return ` must have at most ${longest} entries and has ${value.length}`;
    for (let index = 0; index < value.length; index++) {
      const fault = check(value[index]);
      if (fault !== undefined) return `[${index}]${fault}`;
    }
    return undefined;
  };
}

/** A list with a type for each place; those at the end that are optional may be left out. */
export function tuple(...checks: readonly Check[]): Check {
  return (value) => {
    if (!Array.isArray(value)) return mustBe('a list', value);
    for (let index = 0; index < checks.length; index++) {
      const fault = checks[index]?.(value[index]);
      if (fault !== undefined) return `[${index}]${fault}`;
    }
    return undefined;
  };
}

/** An object with these fields, and any others. */
export function shape(fields: Readonly<Record<string, Check>>): Check {
  const checks = Object.entries(fields);
  return (value) => {
    if (!isObject(value)) return mustBe('an object', value);
    for (const [name, check] of checks) {
      // Own fields only: a text such as `constructor` is nobody's field.
      const fault = check(Object.hasOwn(value, name) ? value[name] : undefined);
      if (fault !== undefined) return `.${name}${fault}`;
    }
    return undefined;
  };
}

/** An object whose names are data and whose values are alike. */
export function record(check: Check): Check {
  return (value) => {
    if (!isObject(value)) return mustBe('an object', value);
    for (const name of Object.keys(value)) {
      const fault = check(value[name]);
      if (fault !== undefined) return `[${JSON.stringify(name.slice(0, 80))}]${fault}`;
    }
    return undefined;
  };
}

/** The first of several shapes that fits; the fault is that of the last. */
export const either =
  (...checks: readonly Check[]): Check =>
  (value) => {
    let fault: string | undefined;
    for (const check of checks) {
      fault = check(value);
      if (fault === undefined) return undefined;
    }
    return fault;
  };

/** The shape, and then a rule between its fields. */
export const also =
  (check: Check, rule: Check): Check =>
  (value) =>
    check(value) ?? rule(value);

/** Whether lists and objects are nested deeper than so many levels. Bounded itself, so that it cannot overflow the stack. */
export function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  if (Array.isArray(value)) {
    for (const entry of value) if (typeof entry === 'object' && isDeeperThan(entry, levels - 1)) return true;
    return false;
  }
  for (const name in value) {
    const entry = (value as Record<string, unknown>)[name];
    if (typeof entry === 'object' && isDeeperThan(entry, levels - 1)) return true;
  }
  return false;
}
