/** Every strategy by the name that people give it. */
import { boundedRing } from './bounded-ring';
import { plainRing } from './ring-strategy';
import { sticky } from './sticky';
import type { Strategy, StrategyName } from './strategy';

export const strategies: Readonly<Record<StrategyName, Strategy>> = {
  ring: plainRing,
  'bounded-ring': boundedRing,
  sticky,
};
