/** All functions of the current version. They hold no data, so every migration makes them anew. */
import { MAX_LOSSES } from '../../queue/queue';
import { claimFunction } from './claim';
import { fillFunction } from './fill';
import { finishFunction } from './finish';
import { reopenFunction } from './reopen';
import { settleFunction } from './settle';
import { sweepFunction } from './sweep';
import { takeSeatFunction } from './take-seat';

export const allFunctions = (schema: string): readonly string[] => [
  fillFunction(schema),
  claimFunction(schema),
  settleFunction(schema),
  sweepFunction(schema, MAX_LOSSES),
  finishFunction(schema),
  reopenFunction(schema),
  takeSeatFunction(schema),
];
