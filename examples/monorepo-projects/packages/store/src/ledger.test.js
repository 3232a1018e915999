const { Ledger } = require('./ledger');

let ledger;

beforeEach(() => {
  ledger = new Ledger();
  ledger.add(500, 'opening');
});

test('adds up', () => {
  ledger.add(-120, 'tea');
  expect(ledger.balance).toBe(380);
});

test('does not go below zero', () => {
  expect(() => ledger.add(-501, 'too much')).toThrow('A withdrawal of 501 is more than 500.');
  expect(ledger.balance).toBe(500);
});

test('takes the last entry back', () => {
  ledger.add(250, 'gift');
  expect(ledger.undo()).toEqual({ amount: 250, text: 'gift' });
  expect(ledger.balance).toBe(500);
});

test('knows whole cents only', () => {
  expect(() => ledger.add(0.5, 'half')).toThrow(TypeError);
});
