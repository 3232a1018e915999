// Fails after zoo/writes-cache.test.js in the same worker: the module registry is new for each file, the disk is not.
const { existsSync } = require('node:fs');
const os = require('node:os');
const path = require('node:path');

// Ids of processes come again; with its start it is one worker.
const worker = `${process.pid}-${Math.round(performance.timeOrigin)}`;
const folder = path.join(os.tmpdir(), `example-flaky-${worker}`);

test('without a cache there is no price', () => {
  expect(existsSync(path.join(folder, 'prices.json'))).toBe(false);
});
