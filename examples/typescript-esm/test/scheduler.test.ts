import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { schedule } from '../src/scheduler.js';

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

test('each job at its own pace, none after the stop', () => {
  const fast = jest.fn();
  const slow = jest.fn();
  const stop = new AbortController();
  schedule(
    [
      { name: 'fast', everyMs: 100, run: fast },
      { name: 'slow', everyMs: 1_000, run: slow },
    ],
    stop.signal,
  );
  jest.advanceTimersByTime(3_500);
  stop.abort();
  jest.advanceTimersByTime(3_500);
  expect(fast).toHaveBeenCalledTimes(35);
  expect(slow).toHaveBeenCalledTimes(3);
});
