const { debounce } = require('./debounce');

test('many calls become one, and all callers get its result', async () => {
  const save = jest.fn((text) => `saved ${text}`);
  const saveSoon = debounce(save, 250);
  const results = await Promise.all(['R', 'Ri', 'Rin', 'Ring'].map((text) => saveSoon(text)));
  expect(save.mock.calls).toEqual([['Ring']]);
  expect(results).toEqual(Array.from({ length: 4 }, () => 'saved Ring'));
});

test('calls after the quiet time count anew', async () => {
  const save = jest.fn();
  const saveSoon = debounce(save, 180);
  for (const round of [1, 2, 3, 4]) await Promise.all([saveSoon(round), saveSoon(-round)]);
  expect(save.mock.calls).toEqual([[-1], [-2], [-3], [-4]]);
});
