/** Made-up suites for tests of planning, the same on every run. */
import type { StrategyInput } from '../../src/plan/strategies/strategy';

/** Numbers from 0 to 1 (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const normal = (random: () => number) => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** How long a file takes, by the shape of the suite. */
export const shapes = {
  lognormal: (random: () => number) => 200 * Math.exp(1.5 * normal(random)),
  'wide lognormal': (random: () => number) => 200 * Math.exp(2.5 * normal(random)),
  pareto: (random: () => number) => 100 * (1 - random()) ** (-1 / 1.5),
  'heavy pareto': (random: () => number) => 100 * (1 - random()) ** (-1 / 1.1),
  uniform: (random: () => number) => 100 + 200 * random(),
  'few sizes': (random: () => number) => 100 * Math.ceil(3 * random()),
  'all equal': () => 1,
  'mostly short': (random: () => number) => (random() < 0.9 ? 50 : 5000),
} satisfies Record<string, (random: () => number) => number>;

export type Shape = keyof typeof shapes;

/** A suite of `count` files; a longer one of the same shape and seed begins with the same files. */
export function suite(shape: Shape, count: number, nodes: number, workers = 1, seed = 1): StrategyInput {
  const random = randomFrom(seed * 7919);
  const draw = shapes[shape];
  const keys: string[] = [];
  const estimates: number[] = [];
  for (let index = 0; index < count; index++) {
    keys.push(`packages/p${Math.floor(random() * 40)}/src/f${index}.test.ts`);
    estimates.push(Math.max(1, Math.round(draw(random))));
  }
  return { keys, estimates, nodes, workers };
}
