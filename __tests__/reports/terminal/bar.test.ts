import { describe, expect, test } from '@jest/globals';
import { bar, progressBar } from '../../../src/reports/terminal/bar';
import { asciiLog, log } from '../sample-plan';

describe('bar', () => {
  test('is exact to an eighth of a cell', () => {
    expect([8, 4, 4.5, 1].map((value) => bar(value, 8, 4, log))).toEqual(['████', '██', '██▎', '▌']);
  });

  test('falls back to ASCII', () => {
    expect([8, 4, 1].map((value) => bar(value, 8, 4, asciiLog))).toEqual(['####', '##', '#']);
  });

  test('little never looks like nothing, and nothing is nothing', () => {
    expect([bar(1, 1_000_000, 10, log), bar(0, 10, 10, log), bar(0, 0, 10, log)]).toEqual(['▏', '', '']);
  });
});

describe('progressBar', () => {
  test('is full only when all is done', () => {
    expect([0, 999, 1000].map((done) => progressBar(done, 1000, 4, log))).toEqual(['░░░░', '███░', '████']);
    expect(progressBar(1, 2, 4, asciiLog)).toBe('##..');
  });

  test('is empty while the total is not known', () => {
    expect(progressBar(0, 0, 4, log)).toBe('░░░░');
  });
});
