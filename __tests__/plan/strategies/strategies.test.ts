import { describe, expect, test } from '@jest/globals';
import { boundedRing } from '../../../src/plan/strategies/bounded-ring';
import { hashKey, ringFor } from '../../../src/plan/strategies/ring';
import { plainRing } from '../../../src/plan/strategies/ring-strategy';
import { sticky } from '../../../src/plan/strategies/sticky';
import { strategies } from '../../../src/plan/strategies/strategies';
import { describeStrategy } from '../../contracts/strategy';

describeStrategy('ring', { strategy: strategies.ring });
describeStrategy('bounded-ring', { strategy: strategies['bounded-ring'] });
describeStrategy('sticky', { strategy: strategies.sticky, needsPrevious: true });

describe('strategies', () => {
  test('are known by the names of the option', () => {
    expect(strategies).toEqual({ ring: plainRing, 'bounded-ring': boundedRing, sticky });
  });
});

describe('ring', () => {
  test('places every item at its home, whatever it weighs', () => {
    const keys = Array.from({ length: 300 }, (_, index) => `src/f${index}.test.js`);
    const { nodeOf, reasonOf } = plainRing({
      keys,
      estimates: keys.map((_, index) => index + 1),
      nodes: 6,
      workers: 3,
    });
    expect(Array.from(nodeOf)).toEqual(keys.map((key) => ringFor(6).nodeAt(hashKey(key))));
    expect(new Set(keys.map((_, index) => reasonOf(index)))).toEqual(new Set(['home']));
  });
});
