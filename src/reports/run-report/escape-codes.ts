/** Terminal escape codes inside texts that tests and Jest have written. */

// Select Graphic Rendition (its codes are captured), then all other control sequences, OSC strings (titles, links), and
// single control characters other than tab and line feed.
const sources = [
  String.raw`\x1b\[([\d;:]*)m`,
  String.raw`\x1b\[[\d;:?<>=!]*[ -/]*[@-~]`,
  String.raw`\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?`,
  String.raw`\x1b[@-Z\\^_]`,
  String.raw`[\0-\x08\x0b-\x1f\x7f]`,
];

/** Everything that is not text; the first group holds the codes where it is a colour. */
export const escapeCode = new RegExp(sources.join('|'), 'g');

/** Codes of colours and attributes only. */
export const colorCode = new RegExp(sources[0] ?? '', 'g');

export function stripEscapes(text: string): string {
  return text.replace(escapeCode, '');
}
