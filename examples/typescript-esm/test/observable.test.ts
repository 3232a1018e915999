import { expect, jest, test } from '@jest/globals';
import { Observable } from '../src/observable.js';

test('tells of changes only', () => {
  const count = new Observable(1);
  const listener = jest.fn();
  count.listen(listener);
  count.value = 1;
  count.value = 2;
  count.value = 2;
  expect(listener.mock.calls).toEqual([[2]]);
});

test('is silent after stop, also when stopped by another listener', () => {
  const count = new Observable(0);
  const listener = jest.fn();
  const stop = count.listen(listener);
  count.listen(() => stop());
  count.value = 1;
  count.value = 2;
  expect(listener).toHaveBeenCalledTimes(1);
});
