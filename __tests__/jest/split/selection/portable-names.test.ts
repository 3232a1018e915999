import { afterEach, describe, expect, test } from '@jest/globals';
import { selectOwn } from '../../../../src/jest/split/selection/apply-selection';
import { announceCheckout } from '../../../../src/jest/split/selection/portable-names';
import type { FileSelection } from '../../../../src/select/file-selection';

const file = { project: null, path: 'a.test.js' };
const titles = [...'abcdefghijkl'];

/** The tests of one file whose titles hold the path of the checkout. */
const declaredIn = (checkout: string) =>
  titles.map((title) => ({ titles: [`in ${checkout}/src`, `${checkout}/src/${title}.json passes`] }));

function selectIn(checkout: string, selection: FileSelection) {
  announceCheckout({ rootDir: `${checkout}/app`, repositoryDir: checkout });
  return selectOwn(declaredIn(checkout), selection, 'test-runner');
}

afterEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith('JDIST_INTERNAL_')) delete process.env[name];
});

describe('tests whose titles hold the path of the checkout', () => {
  test.each(['test', 'suite'] as const)('are hashed by %s alike in every checkout', (mode) => {
    const selection = { mode, file, nodes: 3, node: 2 };
    const [here, there] = [selectIn('/home/ci/repo', selection), selectIn('/agents/7', selection)];
    expect(there.mine).toEqual(here.mine);
    expect(there.record).toEqual(here.record);
    expect(here.record.seen[0]).toBe('in <jd:rootDir>/../src <jd:rootDir>/../src/a.json passes');
  });

  test('are known by the names that a plan of another checkout has', () => {
    const names = titles.map((title) => `in <jd:rootDir>/../src <jd:rootDir>/../src/${title}.json passes`);
    const selection: FileSelection = {
      ...{ mode: 'named', file, unit: 'test', fallback: false },
      ...{ mine: names.slice(0, 5), elsewhere: names.slice(5) },
    };
    const { mine, foreignNames } = selectIn('/home/ci/repo', selection);
    expect(mine.filter(Boolean)).toHaveLength(5);
    // What Jest itself calls them: by these it keeps snapshots and makes results.
    expect([...foreignNames][0]).toBe('in /home/ci/repo/src /home/ci/repo/src/f.json passes');
  });
});
