// Leaves a file in the folder of its worker.
const { mkdirSync, writeFileSync } = require('node:fs');
const os = require('node:os');
const path = require('node:path');

// Ids of processes come again; with its start it is one worker.
const worker = `${process.pid}-${Math.round(performance.timeOrigin)}`;
const folder = path.join(os.tmpdir(), `example-flaky-${worker}`);

test('prices are kept on disk', () => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'prices.json'), '{"book":7}');
  expect(folder).toContain(worker);
});
