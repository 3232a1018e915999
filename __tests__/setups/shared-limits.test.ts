import { expect, test } from '@jest/globals';
import { holdLimitMs, sharedLimitMs, waitLimitMs } from '../../src/setups/protocol';

test('who asks for a fixture of a whole run waits for two other nodes, and then for a teardown and a set-up of its own', () => {
  expect(holdLimitMs(60_000)).toBe(125_000);
  expect(waitLimitMs(60_000)).toBe(250_000);
  expect(sharedLimitMs(60_000)).toBe(375_000);
  expect(sharedLimitMs(60_000)).toBeGreaterThanOrEqual(waitLimitMs(60_000) + 2 * 60_000);
});
