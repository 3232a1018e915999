const { openStore } = require('../../src/store');

const store = openStore({ latencyMs: 47 });

test('is worth less after each use, and nothing in the end', async () => {
  await store.put('voucher/x', 500);
  expect(await store.increment('voucher/x', -300)).toBe(200);
  expect(await store.increment('voucher/x', -200)).toBe(0);
  expect(await store.get('voucher/x')).toBe(0);
});
