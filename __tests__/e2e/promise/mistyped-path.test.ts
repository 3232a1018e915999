/** One node that is given a path that no test file fits says what may have been meant, above what Jest says. */
import { expect, test } from '@jest/globals';
import { newestHosts } from '../../support/hosts';
import { removeProject, runBin, runJest, writeProject } from '../../support/projects';

test.each(newestHosts())('on Jest $jest', (host) => {
  const project = writeProject(host, {
    'jest.config.js': `module.exports = {};`,
    'math/add.test.js': `test('a', () => {});`,
    'cart.test.js': `test('c', () => {});`,
  });
  const sequencer = '--testSequencer=jest-distributed';
  try {
    const node = ['run', '--nodes', '4', '--node-number', '1', '--'];
    for (const { exitCode, stdout, stderr } of [
      runBin(project, [...node, 'math/ad.test.jss']),
      runJest(project, [sequencer, 'math/ad.test.jss']),
    ]) {
      expect(stderr.replace(/\s+/g, ' ')).toContain(
        'no test file matches math/ad.test.jss. Did you mean math/add.test.js?',
      );
      expect(stdout + stderr).toContain('No tests found, exiting with code 1');
      expect(exitCode).toBe(1);
    }
    // Nothing is near, or Jest is content.
    expect(runBin(project, [...node, 'xyzzy']).stderr.replace(/\s+/g, ' ')).not.toContain('Did you mean');
    const content = runBin(project, [...node, '--passWithNoTests', 'math/ad.test.jss']);
    expect(content.stderr.replace(/\s+/g, ' ')).not.toContain('Did you mean');
    expect(content.exitCode).toBe(0);
  } finally {
    removeProject(project);
  }
});
