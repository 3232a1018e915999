/** Names for several Jest calls of one node. */
import { expect, test } from '@jest/globals';
import { suggestLabels } from '../../src/proof/call-labels';

test('a label is what the config is called by, and none exists twice', () => {
  expect(suggestLabels([[], ['--config', 'config/jest.integration.config.ts'], ['-c', 'jest-e2e.json']])).toEqual([
    ...['unit', 'integration', 'e2e'],
  ]);
  expect(suggestLabels([[], ['src'], ['-c', 'jest.config.js'], ['-c=unit.config.js']])).toEqual([
    ...['unit', 'call-2', 'call-3', 'call-4'],
  ]);
});
