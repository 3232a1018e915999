/** What stands beside the reporter in a Jest config. */
import { expect, test } from '@jest/globals';
import { refuseReporterOptions } from '../../src/options/reporter-options';

test.each([undefined, null, {}])('%j is no option', (options) => {
  expect(() => refuseReporterOptions(options)).not.toThrow();
});

test.each([
  [
    { nodez: 4 },
    'option nodez in',
    'Remove it there. Did you mean nodes? Set it with --nodes or JEST_DISTRIBUTED_NODES',
  ],
  [{ nodes: 4 }, 'option nodes in', 'Remove it there. Set nodes with --nodes or JEST_DISTRIBUTED_NODES'],
  [
    { nodeNumber: 4 },
    'option nodeNumber in',
    'Set nodeNumber with --node-number or JEST_DISTRIBUTED_NODE_NUMBER. All settings:',
  ],
  [{ unheardOfThing: 1, other: 2 }, 'option unheardOfThing, other in', 'Remove it there. All settings:'],
])('%j is refused with what was meant', (options, fact, remedy) => {
  expect(() => refuseReporterOptions(options)).toThrow(fact);
  expect(() => refuseReporterOptions(options)).toThrow(remedy);
});
