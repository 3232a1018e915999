// Fails after zoo/writes-cache.test.js in the same worker: the module registry is new for each file, the disk is not.
const { existsSync } = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const folder = path.join(os.tmpdir(), `example-flaky-${process.pid}`);

test('without a cache there is no price', () => {
  expect(existsSync(path.join(folder, 'prices.json'))).toBe(false);
});
