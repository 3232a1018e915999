const { fill } = require('./template');

test('fills values, also nested ones', () => {
  expect(fill('{{ user.name }} is {{age}}', { user: { name: 'Ada' }, age: 36 })).toBe('Ada is 36');
});

test('keeps falsy values', () => {
  expect(fill('{{zero}} {{no}} {{nothing}}', { zero: 0, no: false, nothing: null })).toBe('0 false null');
});

test('names the value that is missing', () => {
  expect(() => fill('{{ user.mail }}', { user: {} })).toThrow('No value for {{user.mail}}.');
});
