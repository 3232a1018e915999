const { PriorityQueue } = require('./priority-queue');

test('takes in order, whatever the order of adding', () => {
  const queue = new PriorityQueue((a, b) => a - b);
  const numbers = Array.from({ length: 5_000 }, (_, i) => (i * 7_919) % 5_003);
  for (const number of numbers) queue.add(number);
  const taken = numbers.map(() => queue.take());
  expect(taken).toEqual([...numbers].sort((a, b) => a - b));
  expect(queue.size).toBe(0);
});

test('an empty queue gives nothing', () => {
  expect(new PriorityQueue((a, b) => a - b).take()).toBeUndefined();
});
