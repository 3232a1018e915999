import { expect, test } from '@jest/globals';
import { nodeCoverageSettings, skipUntestedFiles } from '../../../src/jest/record/coverage-settings';

const config = Object.freeze({
  rootDir: '/repo',
  collectCoverage: true,
  coverageReporters: Object.freeze(['text', 'lcov']),
  coverageThreshold: { global: { lines: 80 } },
  collectCoverageFrom: Object.freeze(['src/**']) as readonly string[],
});

test('a node collects coverage and neither reports nor checks it', () => {
  expect(nodeCoverageSettings(config)).toEqual({
    rootDir: '/repo',
    collectCoverage: true,
    coverageReporters: ['none'],
    coverageThreshold: undefined,
    collectCoverageFrom: ['src/**'],
  });
});

test('without coverage nothing changes', () => {
  const plain = { ...config, collectCoverage: false };
  expect(nodeCoverageSettings(plain)).toBe(plain);
});

test('untested files are left to the merge, and a run that is not a node of ours is left alone', () => {
  const ours = nodeCoverageSettings(config);
  skipUntestedFiles(ours);
  expect(ours.collectCoverageFrom).toEqual([]);
  skipUntestedFiles(config);
  expect(config.collectCoverageFrom).toEqual(['src/**']);
});
