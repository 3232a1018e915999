import { expect, test } from '@jest/globals';
import { agoText, formatAgo } from '../../../src/reports/terminal/relative-time';

test.each([
  ['2026-03-10T11:59:30Z', 'now'],
  // The database's clock may be ahead of this machine's.
  ['2026-03-10T12:00:05Z', 'now'],
  ['2026-03-10T11:59:00Z', '1 min'],
  ['2026-03-10T10:01:00Z', '119 min'],
  ['2026-03-10T10:00:00Z', '2 h'],
  ['2026-03-08T12:00:01Z', '47 h'],
  ['2026-03-08T12:00:00Z', '2 d'],
  ['2024-03-10T12:00:00Z', '730 d'],
])('%s is %s ago', (time, ago) => {
  expect(formatAgo(time, Date.parse('2026-03-10T12:00:00Z'))).toBe(ago);
});

test.each([
  ['2026-03-10T11:59:30Z', 'just now'],
  ['2026-03-10T11:59:00Z', '1 min ago'],
])('%s in a sentence: %s', (time, text) => {
  expect(agoText(time, Date.parse('2026-03-10T12:00:00Z'))).toBe(text);
});
