// Leaves a file in the folder of its worker.
const { mkdirSync, writeFileSync } = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const folder = path.join(os.tmpdir(), `example-flaky-${process.pid}`);

test('prices are kept on disk', () => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'prices.json'), '{"book":7}');
  expect(folder).toContain(String(process.pid));
});
