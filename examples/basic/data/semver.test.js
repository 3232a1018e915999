const { compareVersions } = require('./semver');

// The chain of semver.org, section 11, with its neighbours.
const ascending = [
  '0.9.10',
  '1.0.0-alpha',
  '1.0.0-alpha.1',
  '1.0.0-alpha.beta',
  '1.0.0-beta',
  '1.0.0-beta.2',
  '1.0.0-beta.11',
  '1.0.0-rc.1',
  '1.0.0',
  '1.2.0',
  '1.10.0',
];

test('every version of the chain is before every later one', () => {
  for (const [i, a] of ascending.entries()) {
    for (const [j, b] of ascending.entries()) expect(Math.sign(compareVersions(a, b))).toBe(Math.sign(i - j));
  }
});

test('build numbers do not count', () => {
  expect(compareVersions('1.0.0+5', '1.0.0+7')).toBe(0);
});

test('refuses what is no version', () => {
  expect(() => compareVersions('1.0', '1.0.0')).toThrow('"1.0" is not a version.');
});
