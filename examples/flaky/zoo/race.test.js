// Two writes race, and nobody says which comes last.
const store = new Map();

const save = (value, ms) =>
  new Promise((resolve) => {
    setTimeout(() => resolve(store.set('name', value)), ms);
  });

test('the last write wins', async () => {
  await Promise.all([save('old', Math.random() * 20), save('new', 6 + Math.random() * 20)]);
  expect(store.get('name')).toBe('new');
});
