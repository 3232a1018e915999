const { createRateLimit } = require('./rate-limit');

beforeEach(() => {
  jest.useFakeTimers({ now: 0 });
});

afterEach(() => {
  jest.useRealTimers();
});

const allowed = (limit, calls) => Array.from({ length: calls }, () => limit()).filter(Boolean).length;

test('a burst, then nothing', () => {
  expect(allowed(createRateLimit({ burst: 5, everyMs: 100 }), 20)).toBe(5);
});

test('refills with time, but never over the burst', () => {
  const limit = createRateLimit({ burst: 5, everyMs: 100 });
  allowed(limit, 5);
  jest.advanceTimersByTime(250);
  expect(allowed(limit, 20)).toBe(2);
  jest.advanceTimersByTime(50);
  expect(allowed(limit, 20)).toBe(1);
  jest.advanceTimersByTime(3_600_000);
  expect(allowed(limit, 20)).toBe(5);
});
