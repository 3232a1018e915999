// Runs every end-to-end test on every version of Jest and for every number of nodes: about an hour, for releases.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const jest = path.join(root, 'node_modules', 'jest', 'bin', 'jest.js');

/** Numbers of nodes, and the tests that are run for each of them. */
const matrix = [
  ['2,3,5', ['selection/features', 'selection/sequencer']],
  ['1,3,7', ['replay/examples']],
  [undefined, ['__tests__/e2e/(?!selection/(features|sequencer)|replay/examples)']],
];

for (const [nodes, tests] of matrix) {
  const { status } = spawnSync(
    process.execPath,
    [jest, '--selectProjects', 'e2e', 'e2e-29', 'e2e-long', 'database', 'hosts', '--testPathPatterns', ...tests],
    {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, JDIST_TEST_MATRIX: '1', ...(nodes && { JDIST_TEST_NODES: nodes }) },
    },
  );
  if (status !== 0) process.exit(status ?? 1);
}
