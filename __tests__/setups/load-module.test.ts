import { describe, expect, test } from '@jest/globals';
import { exportNames, findFunction } from '../../src/setups/load-module';

const own = () => 'own';
const other = () => 'other';

describe('the function that a hook means', () => {
  test.each([
    ['an ES module with a default', { default: own, helper: other }],
    ['an ES module with the name of the hook', { helper: other, workerSetup: own }],
    ['both: the name is more than the default', { default: other, workerSetup: own }],
    ['CommonJS: a function', { default: own, 'module.exports': own }],
    ['CommonJS: names', { default: { helper: other, workerSetup: own }, helper: other, workerSetup: own }],
    ['CommonJS of TypeScript', { default: { __esModule: true, default: own, helper: other } }],
    ['a default that holds names', { default: { workerTeardown: other, workerSetup: own } }],
  ])('%s', (_, namespace) => {
    expect(findFunction(namespace, 'workerSetup')).toBe(own);
  });

  test.each([
    ['other names', { teardown: other, setup: own }, ['teardown', 'setup']],
    ['CommonJS with other names', { default: { setup: own }, setup: own, 'module.exports': {} }, ['setup']],
    ['nothing', {}, []],
    ['a default that is no function', { default: 7 }, ['default']],
  ])('none: %s', (_, namespace, names) => {
    expect(findFunction(namespace, 'workerSetup')).toBeNull();
    expect(exportNames(namespace)).toEqual(names);
  });
});
