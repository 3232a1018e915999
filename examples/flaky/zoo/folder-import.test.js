// Empties the folder at its start, again and again.
const { mkdirSync, rmSync } = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const folder = path.join(os.tmpdir(), 'example-flaky-shared');

test('an import begins with an empty folder', async () => {
  for (let step = 0; step < 8; step++) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    await new Promise((resolve) => {
      setTimeout(resolve, 50);
    });
  }
  expect(path.basename(folder)).toBe('example-flaky-shared');
});
