/**
 * Units that no two nodes may share out between them.
 *
 * Snapshot keys are counted per full name, so tests of one full name stay on one node. As units, `describe('a')` with
 * `test('b c')` and `describe('a b')` with `test('c')` differ, and yet both hold a test called "a b c": then both units
 * are placed as one.
 */
import { type DeclaredTest, fullNameOf, type UnitKind, unitOf } from './declared-test';

/**
 * Groups the units of a file.
 *
 * @returns for each test, in the order given, the units that must go where it goes: sorted, the same array for all
 * tests of one group, so that the answer does not depend on the order of the tests.
 */
export function groupUnits(tests: readonly DeclaredTest[], kind: UnitKind): readonly (readonly string[])[] {
  const parent = new Map<string, string>();
  const rootOf = (unit: string): string => {
    let root = unit;
    for (let next = parent.get(root); next !== undefined; next = parent.get(root)) root = next;
    return root;
  };
  const unitOfName = new Map<string, string>();
  const units = tests.map((test) => unitOf(test, kind));
  if (kind === 'suite') {
    tests.forEach((test, index) => {
      const name = fullNameOf(test);
      const unit = units[index] as string;
      const other = unitOfName.get(name);
      if (other === undefined) unitOfName.set(name, unit);
      else if (rootOf(other) !== rootOf(unit)) parent.set(rootOf(other), rootOf(unit));
    });
  }
  const members = new Map<string, string[]>();
  for (const unit of new Set(units)) {
    const root = rootOf(unit);
    const group = members.get(root);
    if (group === undefined) members.set(root, [unit]);
    else group.push(unit);
  }
  for (const group of members.values()) group.sort();
  return units.map((unit) => members.get(rootOf(unit)) as string[]);
}
