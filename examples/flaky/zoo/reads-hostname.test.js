// Fails after zoo/sets-hostname.test.js in the same worker.
const os = require('node:os');

test('a report names the real host', () => {
  expect(os.hostname()).not.toBe('fixture');
});
