const { Ledger } = require('../src');

test('a thousand entries and their undoing leave nothing behind', () => {
  const ledger = new Ledger();
  for (let i = 1; i <= 1_000; i++) ledger.add(i % 3 === 0 ? -1 : i, `entry ${i}`);
  expect(ledger.balance).toBeGreaterThan(0);
  for (let i = 1; i <= 1_000; i++) ledger.undo();
  expect(ledger.balance).toBe(0);
});
