import { expect, test } from '@jest/globals';
import {
  countOf,
  formatBytes,
  formatCount,
  formatDuration,
  formatLoad,
  formatRatio,
} from '../../../src/reports/terminal/format';

test.each([
  [0, '0 ms'],
  [849.6, '850 ms'],
  [999.6, '1.0 s'],
  [42_100, '42.1 s'],
  [59_949, '59.9 s'],
  [59_950, '1m 00s'],
  [65_000, '1m 05s'],
  [3_599_499, '59m 59s'],
  [3_599_500, '1h 00m'],
  [3_660_000, '1h 01m'],
  [360_000_000, '100h 00m'],
  [Number.NaN, '-'],
])('%d ms reads %s', (durationMs, text) => {
  expect(formatDuration(durationMs)).toBe(text);
});

test('counts have thousands and plurals', () => {
  expect([0, 999, 1000, 1_234_567].map(formatCount)).toEqual(['0', '999', '1,000', '1,234,567']);
  expect([countOf(0, 'file'), countOf(1, 'file'), countOf(2, 'file')]).toEqual(['0 files', '1 file', '2 files']);
});

test('sizes are kilobytes, and bytes below one', () => {
  expect([0, 120, 999, 1000].map(formatBytes)).toEqual(['0 B', '120 B', '999 B', '1.0 kB']);
  expect([9_949, 9_951, 1_234_567].map(formatBytes)).toEqual(['9.9 kB', '10 kB', '1,235 kB']);
});

test('a load reads in the unit of its plan', () => {
  expect([formatLoad(1, 'files'), formatLoad(2500, 'ms'), formatLoad(2500, 'bytes')]).toEqual([
    '1 file',
    '2.5 s',
    '2.5 kB',
  ]);
});

test('a plan without items has no ratio', () => {
  expect([formatRatio(1), formatRatio(1.3849), formatRatio(0 / 0)]).toEqual(['1.00', '1.38', '-']);
});
