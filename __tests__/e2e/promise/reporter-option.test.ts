/** Options beside our reporter in a Jest config stop the run before any test. */
import { expect, test } from '@jest/globals';
import { hosts } from '../../support/hosts';
import { removeProject, runBin, runJest, writeProject } from '../../support/projects';

test.each(hosts())('on Jest $jest an option of the reporter is refused', (host) => {
  const project = writeProject(host, {
    'jest.config.js': `module.exports = { testSequencer: 'jest-distributed',
      reporters: ['default', ['jest-distributed/reporter', { nodez: 4 }]] };`,
    'a.test.js': `test('a', () => { console.error('it ran'); });`,
  });
  try {
    for (const { exitCode, stdout, stderr } of [runJest(project, []), runBin(project, ['run'])]) {
      expect(stderr).toContain('[REPORTER_OPTION]');
      expect(stderr.replace(/\s+/g, ' ')).toContain(
        'Did you mean nodes? Set it with --nodes or JEST_DISTRIBUTED_NODES',
      );
      expect(stdout + stderr).not.toContain('it ran');
      expect(exitCode).toBe(1);
    }
  } finally {
    removeProject(project);
  }
});
