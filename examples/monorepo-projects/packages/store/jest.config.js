module.exports = {
  displayName: { name: 'store', color: 'cyan' },
  testEnvironment: 'node',
  testMatch: ['<rootDir>/src/**/*.test.js', '<rootDir>/checks/**/*.check.js'],
};
