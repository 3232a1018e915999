/** @jest-environment ./clock-environment.js */
const { expired } = require('./expiry');

test('it is noon in this environment', () => {
  expect(new Date().toISOString()).toBe('2026-02-03T12:00:00.000Z');
});

test('an article is good until the end of its day', () => {
  const articles = [
    { name: 'milk', bestBefore: '2026-02-02' },
    { name: 'bread', bestBefore: '2026-02-03' },
    { name: 'rice', bestBefore: '2027-01-01' },
  ];
  expect(expired(articles)).toEqual(['milk']);
});
