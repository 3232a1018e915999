import { expect, test } from '@jest/globals';
import { isSupportedJest, requireSupportedJest } from '../../../src/jest/host/supported-jest';

test.each(['29.7.0', '29.8.1', '30.0.0', '30.5.2', '30.0.0-beta.3'])('%s is supported', (version) => {
  expect(isSupportedJest(version)).toBe(true);
  expect(() => requireSupportedJest(version, '/core')).not.toThrow();
});

test.each(['24.9.0', '28.1.3', '29.6.4', '31.0.0', '31.0.0-alpha.1', '300.7.0', ''])('%j is not', (version) => {
  expect(isSupportedJest(version)).toBe(false);
});

test('the message has the version, where it lies, and what is supported', () => {
  expect(() => requireSupportedJest('28.1.3', '/p/node_modules/@jest/core/build/index.js')).toThrow(
    expect.objectContaining({
      code: 'JEST_UNSUPPORTED',
      message:
        'jest-distributed: Jest 28.1.3 is not supported (@jest/core found at /p/node_modules/@jest/core/build/index.js). Supported: Jest 29.7 and later 29.x, and Jest 30.\n' +
        "  Remove jest-distributed from Jest's command and config, or install a supported version: npm install --save-dev jest@30",
    }),
  );
});
