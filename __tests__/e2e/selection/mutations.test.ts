/** The comparison of the other tests here can fail: a broken selection is noticed. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { NamedSelection } from '../../../src/select/file-selection';
import { newestHosts } from '../../support/hosts';
import { type Project, removeProject } from '../../support/projects';
import { dealByName } from './dealing';
import { expectSameAsPlain } from './nodes-together';
import { copyFixture, type Dealt, type Run, runNode } from './selection-run';

const TIMEOUT_MS = 120_000;
const FILE = 'main:tests/nested.test.js';
const TEST = 'a deep deeper one';
const only = ['--selectProjects', 'main', '--testPathPatterns', 'nested'];

describe.each(newestHosts())('on Jest $jest', ({ major, ...host }) => {
  const args = major === 29 ? ['--selectProjects', 'main', '--testPathPattern', 'nested'] : only;
  let project: Project;
  let plain: Run;

  beforeAll(async () => {
    project = copyFixture({ major, ...host }, 'features');
    plain = await runNode(project, { args });
  }, TIMEOUT_MS);

  afterAll(() => removeProject(project));

  /** Runs both nodes, after `change` saw what each is dealt of one file. */
  const runChanged = (change: (selection: NamedSelection, node: number) => NamedSelection): Promise<Run[]> =>
    Promise.all(
      [1, 2].map((node) => {
        const dealt = dealByName(plain, node, 2);
        const changed: Dealt = { ...dealt, [FILE]: change(dealt[FILE] as NamedSelection, node) };
        return runNode(project, { dealt: changed, args });
      }),
    );

  const without = (names: readonly string[]): string[] => names.filter((name) => name !== TEST);

  test(
    'as dealt, the nodes are one plain run',
    async () => {
      expectSameAsPlain(plain, await runChanged((selection) => selection));
    },
    TIMEOUT_MS,
  );

  test(
    'one test that every node leaves to the other',
    async () => {
      const runs = await runChanged(({ mine, elsewhere, ...rest }) => ({
        ...rest,
        mine: without(mine),
        elsewhere: [...without(elsewhere), TEST],
      }));
      expect(() => expectSameAsPlain(plain, runs)).toThrow(TEST);
    },
    TIMEOUT_MS,
  );

  test(
    'one test that two nodes take',
    async () => {
      const runs = await runChanged(({ mine, elsewhere, ...rest }) => ({
        ...rest,
        mine: [...without(mine), TEST],
        elsewhere: without(elsewhere),
      }));
      expect(() => expectSameAsPlain(plain, runs)).toThrow(TEST);
    },
    TIMEOUT_MS,
  );

  test(
    'no keeper',
    async () => {
      const runs = await runChanged((selection) => ({ ...selection, fallback: false }));
      expect(() => expectSameAsPlain(plain, runs)).toThrow('toEqual');
    },
    TIMEOUT_MS,
  );
});
