// Empties the folder at the start of each of its imports.
const { mkdirSync, readdirSync, rmSync } = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const folder = path.join(os.tmpdir(), 'example-flaky-shared');

test('an import begins with an empty folder', async () => {
  mkdirSync(folder, { recursive: true });
  for (let step = 0; step < 5; step++) {
    for (const name of readdirSync(folder)) rmSync(path.join(folder, name), { force: true });
    await new Promise((resolve) => {
      setTimeout(resolve, 80);
    });
  }
  expect(path.basename(folder)).toBe('example-flaky-shared');
});
