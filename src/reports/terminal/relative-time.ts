const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/**
 * How long ago something was, in one unit: short, and the same in every time zone.
 *
 * @param time ISO 8601
 * @param nowMs a clock that is behind the database's makes it "now", not the future
 * @example formatAgo('2026-01-01T00:00:00Z', Date.parse('2026-01-01T03:20:00Z')) // '3 h'
 */
export function formatAgo(time: string, nowMs: number): string {
  return formatAge(nowMs - Date.parse(time));
}

function formatAge(agoMs: number): string {
  if (agoMs < MINUTE_MS) return 'now';
  if (agoMs < 2 * HOUR_MS) return `${Math.floor(agoMs / MINUTE_MS)} min`;
  if (agoMs < 2 * DAY_MS) return `${Math.floor(agoMs / HOUR_MS)} h`;
  return `${Math.floor(agoMs / DAY_MS)} d`;
}

/**
 * The same as words of a sentence.
 *
 * @example agoText('2026-01-01T00:00:00Z', Date.parse('2026-01-01T03:20:00Z')) // '3 h ago'
 */
export function agoText(time: string, nowMs: number): string {
  return ageText(nowMs - Date.parse(time));
}

/**
 * The same of a time span.
 *
 * @example ageText(180_000) // '3 min ago'
 */
export function ageText(agoMs: number): string {
  const ago = formatAge(agoMs);
  return ago === 'now' ? 'just now' : `${ago} ago`;
}
