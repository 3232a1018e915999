// Shares a folder with zoo/folder-import.test.js, which empties it.
const { mkdirSync, readFileSync, writeFileSync } = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const folder = path.join(os.tmpdir(), 'example-flaky-shared');

test('an export can be read', async () => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'export.json'), '[1]');
  await new Promise((resolve) => {
    setTimeout(resolve, 400);
  });
  expect(readFileSync(path.join(folder, 'export.json'), 'utf8')).toBe('[1]');
});
