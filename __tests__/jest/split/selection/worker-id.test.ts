import { afterEach, describe, expect, test } from '@jest/globals';
import { setWorker, takeWorker } from '../../../../src/jest/split/selection/worker-id';

const own = process.env.JEST_WORKER_ID;

describe('which worker ran a file', () => {
  afterEach(() => {
    if (own === undefined) delete process.env.JEST_WORKER_ID;
    else process.env.JEST_WORKER_ID = own;
  });

  test('travels on the result and is taken off it', () => {
    process.env.JEST_WORKER_ID = '3';
    const result = setWorker({ testResults: [] });
    // As a result comes out of a worker process.
    const carried = JSON.parse(JSON.stringify(result));
    expect(takeWorker(carried)).toBe(3);
    expect(carried).toEqual({ testResults: [] });
    expect(takeWorker(carried)).toBeNull();
  });

  test.each([undefined, '', 'zero', '0'])('is not claimed where Jest says %j', (id) => {
    if (id === undefined) delete process.env.JEST_WORKER_ID;
    else process.env.JEST_WORKER_ID = id;
    expect(takeWorker(setWorker({}))).toBeNull();
  });
});
