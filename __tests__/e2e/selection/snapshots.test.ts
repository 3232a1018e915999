/** Snapshots are sacred: what a node stores, reports and deletes is what its own tests would in a plain run. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { hosts, newestHosts } from '../../support/hosts';
import { type Project, removeProject } from '../../support/projects';
import { dealFor, type Mode } from './dealing';
import { checkoutOf, copyFixture, type NodeRun, type Run, runNode } from './selection-run';

const TIMEOUT_MS = 300_000;
const NODES = 3;
const STORES = ['tests/__snapshots__/stored.test.js.snap', 'tests/__snapshots__/none-left.test.js.snap'];
const JASMINE_STORE = 'jasmine/__snapshots__/stored.test.js.snap';

type Stored = Readonly<Record<string, string>>;

/** All stored snapshots of a checkout by `file: key`. */
function storedIn({ dir }: Project, stores: readonly string[]): Stored {
  const found: Record<string, string> = {};
  for (const store of stores) {
    const exported: Record<string, string> = {};
    runInNewContext(readFileSync(path.join(dir, store), 'utf8'), { exports: exported });
    for (const [key, value] of Object.entries(exported)) found[`${store}: ${key}`] = value;
  }
  return found;
}

const sourceOf = ({ dir }: Project): string[] =>
  readFileSync(path.join(dir, 'tests/inline.test.js'), 'utf8').trimEnd().split('\n');

const uncheckedOf = ({ files }: Run): string[] =>
  files.flatMap(({ file, snapshot }) => snapshot.uncheckedKeys.map((key) => `${file}: ${key}`)).sort();

const sorted = (names: Iterable<string>): string[] => [...new Set(names)].sort();

describe.each(hosts())('on Jest $jest', (host) => {
  const isNewest = newestHosts().some(({ major }) => major === host.major);
  const fronts = isNewest ? (['test-runner', 'setup'] as const) : (['test-runner'] as const);
  describe.each(fronts)('by the %s', (front) => {
    const stores = front === 'setup' ? STORES : [...STORES, JASMINE_STORE];
    const env: Record<string, string> = front === 'setup' ? { WITHOUT_JASMINE: '1' } : {};
    const made: Project[] = [];
    let project: Project;
    let plain: Run;
    let before: Stored;

    const plainRuns = new Map<string, Promise<{ checkout: Project; run: Run }>>();

    async function runIn(name: string, run: NodeRun): Promise<{ checkout: Project; run: Run }> {
      const checkout = checkoutOf(project, name);
      made.push(checkout);
      return { checkout, run: await runNode(checkout, run) };
    }

    /** A plain run and one of each node, all in checkouts of their own. */
    async function runAll(mode: Mode, flag: string, value: string) {
      const settings: NodeRun = { front, args: [flag], env: { ...env, STORED: value } };
      const whole = plainRuns.get(flag) ?? runIn(`plain${flag}`, settings);
      plainRuns.set(flag, whole);
      const nodes = Array.from({ length: NODES }, (_, index) => index + 1).map((node) =>
        runIn(`${mode}${flag}-${node}`, { ...settings, dealt: dealFor(mode, plain, node, NODES) }),
      );
      return { whole: await whole, nodes: await Promise.all(nodes) };
    }

    beforeAll(async () => {
      project = copyFixture(host, 'snapshots');
      made.push(project);
      await runNode(project, { args: ['--ci=false'], env: { ...env, MORE: '1' } });
      before = storedIn(project, stores);
      plain = await runNode(project, { args: ['--ci'], env });
    }, TIMEOUT_MS);

    afterAll(() => made.forEach(removeProject));

    test('a plain run finds obsolete snapshots of deleted tests and of tests that take fewer', () => {
      expect(uncheckedOf(plain)).toEqual(
        expect.arrayContaining([
          'tests/stored.test.js: gone 1',
          'tests/stored.test.js: gone too: with a hint 1',
          'tests/stored.test.js: suite twice 0 3',
        ]),
      );
    });

    const modes: Mode[] = front === 'setup' ? ['test'] : isNewest ? ['suite', 'named'] : ['test'];
    describe.each(modes)('hash by %s', (mode) => {
      test.each([['--ci'], ['--ci=false']])(
        'unchanged code, %s: nothing is written, and what is obsolete is what was obsolete',
        async (flag) => {
          const { whole, ...all } = await runAll(mode, flag, 'old');
          const nodes = all.nodes.map(({ run }) => run);
          const obsolete = uncheckedOf(whole.run);
          expect(sorted(nodes.flatMap(uncheckedOf))).toEqual(sorted(obsolete));
          for (const node of nodes) expect(obsolete).toEqual(expect.arrayContaining(uncheckedOf(node)));
          for (const { checkout } of all.nodes) expect(storedIn(checkout, stores)).toEqual(before);
          expect(nodes.map(({ exitCode }) => exitCode)).toEqual(nodes.map(() => whole.run.exitCode));
          const matched = nodes.reduce((sum, { totals }) => sum + totals.snapshot.matched, 0);
          expect(matched).toBe(whole.run.totals.snapshot.matched);
        },
        TIMEOUT_MS,
      );

      test(
        'changed code, -u: a node updates its own and deletes what is obsolete for everybody',
        async () => {
          const { whole, nodes } = await runAll(mode, '-u', 'new');
          const after = storedIn(whole.checkout, stores);
          const updates = nodes.map(({ checkout }) => storedIn(checkout, stores));
          for (const [key, value] of Object.entries(after)) {
            const values = updates.map((update) => update[key]);
            const old = before[key];
            const owners = values.filter((found) => found === value).length;
            // One node has the new value, and every other still has the stored one.
            expect([key, owners]).toEqual([key, value === old ? NODES : 1]);
            expect([key, values.filter((found) => found === old).length]).toEqual([
              key,
              value === old ? NODES : NODES - 1,
            ]);
          }
          const deleted = Object.keys(before).filter((key) => !(key in after));
          expect(deleted.length).toBeGreaterThan(5);
          for (const key of deleted) expect([key, updates.every((update) => key in update)]).toEqual([key, false]);
          expect(nodes.map(({ run }) => run.exitCode)).toEqual([0, 0, 0]);

          const lines = sourceOf(project);
          const wanted = sourceOf(whole.checkout);
          const sources = nodes.map(({ checkout }) => sourceOf(checkout));
          wanted.forEach((line, at) => {
            const owners = sources.filter((source) => source[at] === line).length;
            expect([line, owners]).toEqual([line, line === lines[at] ? NODES : 1]);
          });
        },
        TIMEOUT_MS,
      );
    });
  });
});
