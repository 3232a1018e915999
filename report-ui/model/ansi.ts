/**
 * Text with terminal escape codes → pieces with a look.
 *
 * Of 256 and true colours the nearest of the eight basic ones is taken: those are chosen so that they can be read on
 * both backgrounds, what a test prints is not.
 */
import { escapeCode } from '../../src/reports/run-report/escape-codes';

export interface StyledText {
  readonly text: string;
  /** Class names, '' where it looks like everything around. */
  readonly look: string;
}

const names = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const;
type ColorName = (typeof names)[number];

interface Look {
  foreground: ColorName | null;
  background: ColorName | null;
  attributes: Set<string>;
}

const attributeOf: Readonly<Record<number, string>> = {
  1: 'bold',
  2: 'dim',
  3: 'italic',
  4: 'underline',
  7: 'inverse',
  9: 'strike',
};
const endOf: Readonly<Record<number, readonly string[]>> = {
  22: ['bold', 'dim'],
  23: ['italic'],
  24: ['underline'],
  27: ['inverse'],
  29: ['strike'],
};

export function parseAnsi(text: string): StyledText[] {
  const pieces: StyledText[] = [];
  const look: Look = { foreground: null, background: null, attributes: new Set() };
  let classes = '';
  let from = 0;
  const take = (until: number) => {
    if (until === from) return;
    const part = text.slice(from, until);
    const last = pieces.at(-1);
    if (last !== undefined && last.look === classes) pieces[pieces.length - 1] = { ...last, text: last.text + part };
    else pieces.push({ text: part, look: classes });
  };
  for (const match of text.matchAll(escapeCode)) {
    take(match.index);
    from = match.index + match[0].length;
    if (match[1] !== undefined) {
      applyCodes(look, match[1]);
      classes = classesOf(look);
    }
  }
  take(text.length);
  return pieces;
}

function applyCodes(look: Look, codes: string): void {
  const numbers = codes === '' ? [0] : codes.split(/[;:]/).map(Number);
  for (let at = 0; at < numbers.length; at++) {
    const code = numbers[at] ?? 0;
    if (code === 38 || code === 48) {
      const [color, used] = extendedColor(numbers.slice(at + 1));
      if (code === 38) look.foreground = color;
      else look.background = color;
      at += used;
    } else applyCode(look, code);
  }
}

function applyCode(look: Look, code: number): void {
  const attribute = attributeOf[code];
  if (code === 0) {
    look.foreground = null;
    look.background = null;
    look.attributes.clear();
  } else if (attribute !== undefined) look.attributes.add(attribute);
  else if (endOf[code] !== undefined) for (const ended of endOf[code]) look.attributes.delete(ended);
  else if (code === 39) look.foreground = null;
  else if (code === 49) look.background = null;
  // Grey is what chalk calls 90, and Jest prints stacks and line numbers in it.
  else if (code === 90) look.foreground = 'white';
  else if (code >= 30 && code <= 37) look.foreground = names[code - 30] ?? null;
  else if (code >= 91 && code <= 97) look.foreground = names[code - 90] ?? null;
  else if (code >= 40 && code <= 47) look.background = names[code - 40] ?? null;
  else if (code >= 100 && code <= 107) look.background = names[code - 100] ?? null;
}

function extendedColor([kind, first = 0, second = 0, third = 0]: readonly number[]): [ColorName | null, number] {
  if (kind === 2) return [nearest(first, second, third), 4];
  if (kind !== 5) return [null, 1];
  if (first < 16) return [names[first % 8] ?? null, 2];
  if (first >= 232) return ['white', 2];
  const cube = first - 16;
  const level = (step: number) => (step % 6) * 51;
  return [nearest(level(Math.floor(cube / 36)), level(Math.floor(cube / 6)), level(cube)), 2];
}

function nearest(red: number, green: number, blue: number): ColorName {
  const most = Math.max(red, green, blue);
  if (most - Math.min(red, green, blue) < 40) return 'white';
  const bit = (value: number) => (value > most * 0.6 ? 1 : 0);
  return names[bit(red) + 2 * bit(green) + 4 * bit(blue)] ?? 'white';
}

function classesOf({ foreground, background, attributes }: Look): string {
  return [
    ...(foreground === null ? [] : [`fg-${foreground}`]),
    ...(background === null ? [] : [`bg-${background}`]),
    ...[...attributes].map((name) => `sgr-${name}`),
  ].join(' ');
}
