/** `-u` where nodes share a checkout, and where nothing runs at all: snapshots that are still used survive. */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { hosts } from '../../support/hosts';
import { type Project, removeProject, runBin, runJest, writeProject } from '../../support/projects';

const TIMEOUT_MS = 120_000;
const NAMES = ['one', 'two', 'three', 'four', 'five', 'six'];

function testsOf(names: readonly string[], value: string): string {
  return names.map((name) => `test('${name}', () => expect('${value} ${name}').toMatchSnapshot());`).join('\n');
}

describe.each(hosts())('on Jest $jest', (host) => {
  const projects: Project[] = [];

  afterEach(() => {
    for (const project of projects.splice(0)) removeProject(project);
  });

  /** Its snapshots are of an older code: one value changed, one test gone, one file gone. */
  function writeOutdated(): Project {
    const project = writeProject(host, {
      'package.json': '{"name":"updated","jest":{}}',
      'a.test.js': testsOf([...NAMES, 'gone'], 'old'),
      'b.test.js': testsOf(['same'], 'b'),
      'gone.test.js': testsOf(['gone'], 'file'),
    });
    projects.push(project);
    expect(runJest(project, ['--ci=false']).exitCode).toBe(0);
    writeFileSync(path.join(project.dir, 'a.test.js'), testsOf(NAMES, 'new'));
    rmSync(path.join(project.dir, 'gone.test.js'));
    return project;
  }

  function snapshotsOf({ dir }: Project): Record<string, string> {
    const folder = path.join(dir, '__snapshots__');
    const names = existsSync(folder) ? readdirSync(folder).sort() : [];
    return Object.fromEntries(names.map((name) => [name, readFileSync(path.join(folder, name), 'utf8')]));
  }

  test.each(['test', 'file'])(
    'run --local with -u by %s leaves what plain jest -u leaves',
    (hashBy) => {
      const [plain, local] = [writeOutdated(), writeOutdated()];
      expect(runJest(plain, ['-u']).exitCode).toBe(0);
      const { exitCode, stderr } = runBin(local, ['run', '--local', '--nodes', '3', '--hash-by', hashBy, '--', '-u']);
      expect(exitCode === 0 ? 0 : stderr).toBe(0);
      expect(snapshotsOf(local)).toEqual(snapshotsOf(plain));
      expect(Object.keys(snapshotsOf(local))).toEqual(['a.test.js.snap', 'b.test.js.snap']);
      expect(snapshotsOf(local)['a.test.js.snap']).toContain('"new six"');
    },
    TIMEOUT_MS,
  );

  test(
    'merge of nodes that ran with -u calls nothing obsolete and removes no file',
    () => {
      const [project, merging] = [writeOutdated(), writeOutdated()];
      for (const node of ['1', '2']) {
        expect(runBin(project, ['run', '--nodes', '2', '--node-number', node, '--', '-u']).exitCode).toBe(0);
      }
      const before = snapshotsOf(merging);
      const { exitCode, stderr } = runBin(merging, ['merge', path.join(project.dir, '.jest-distributed', 'report')]);
      expect(exitCode === 0 ? 0 : stderr).toBe(0);
      // As in a plain run: the snapshot file whose test file is gone counts too.
      expect(stderr).toMatch(/Snapshots: +1 removed, 1 file removed, 6 updated, 1 passed, 7 total/);
      expect(snapshotsOf(merging)).toEqual(before);
    },
    TIMEOUT_MS,
  );

  test(
    'merge runs nothing, so it neither writes nor deletes a snapshot, whatever its arguments say',
    () => {
      const project = writeOutdated();
      for (const node of ['1', '2']) {
        runBin(project, ['run', '--nodes', '2', '--node-number', node, '--hash-by', 'test', '--', '--ci']);
      }
      const before = snapshotsOf(project);
      const { exitCode, stderr } = runBin(project, ['merge', '--', '-u']);
      expect(exitCode).toBe(1);
      expect(stderr).toContain('6 of 7 tests failed in 1 file.');
      expect(snapshotsOf(project)).toEqual(before);
      expect(Object.keys(before)).toEqual(['a.test.js.snap', 'b.test.js.snap', 'gone.test.js.snap']);
    },
    TIMEOUT_MS,
  );
});
