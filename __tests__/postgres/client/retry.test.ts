import { describe, expect, test } from '@jest/globals';
import { createRetrier } from '../../../src/postgres/client/retry';

const policy = { totalMs: 100, firstPauseMs: 5, longestPauseMs: 20 };
const down = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });

function countedFailures(): { readonly work: () => Promise<never>; readonly count: () => number } {
  let calls = 0;
  const work = async (): Promise<never> => {
    calls += 1;
    throw down;
  };
  return { work, count: () => calls };
}

describe('the patience with a database', () => {
  test('is one for all that is asked: once it is over, nothing waits again', async () => {
    const retrier = createRetrier(policy);
    const first = countedFailures();
    await expect(retrier.run(first.work)).rejects.toBe(down);
    expect(first.count()).toBeGreaterThan(2);
    const second = countedFailures();
    await expect(retrier.run(second.work)).rejects.toBe(down);
    expect(second.count()).toBe(1);
    expect(retrier.outageMs()).toBeGreaterThan(0);
  });

  test('begins anew with the first answer', async () => {
    const retrier = createRetrier(policy);
    await expect(retrier.run(countedFailures().work)).rejects.toBe(down);
    await expect(retrier.run(async () => 'up')).resolves.toBe('up');
    expect(retrier.outageMs()).toBe(0);
    const later = countedFailures();
    await expect(retrier.run(later.work)).rejects.toBe(down);
    expect(later.count()).toBeGreaterThan(2);
  });

  test('is shorter for the name of a host that is not there', async () => {
    const unknown = Object.assign(new Error('getaddrinfo ENOTFOUND db'), { code: 'ENOTFOUND' });
    const retrier = createRetrier({ ...policy, totalMs: 60_000, unknownHostMs: 20 });
    await expect(retrier.run(() => Promise.reject(unknown))).rejects.toBe(unknown);
    expect(retrier.outageMs()).toBeLessThan(10_000);
  });

  test('is not for what will not pass', async () => {
    const refused = Object.assign(new Error('no'), { code: '42501' });
    await expect(createRetrier(policy).run(() => Promise.reject(refused))).rejects.toBe(refused);
  });
});
