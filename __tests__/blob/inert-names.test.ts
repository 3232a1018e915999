/** Names of tests stay what they are: reports of a merged run name them as a plain run does. */
import { expect, test } from '@jest/globals';
import { inertTexts } from '../../src/blob/inert-text';

const ODD = 'a\0b \u202eabc \u001b[2J';

test('texts are made inert, names are not', () => {
  const result = {
    failureMessage: ODD,
    snapshot: { uncheckedKeys: [ODD] },
    testResults: [{ fullName: ODD, title: ODD, ancestorTitles: [ODD], failureMessages: [ODD] }],
  };
  const inert = 'a\\u0000b \\u202eabc \\u001b[2J';
  expect(inertTexts(result, () => true)).toEqual({
    failureMessage: inert,
    snapshot: { uncheckedKeys: [ODD] },
    testResults: [{ fullName: ODD, title: ODD, ancestorTitles: [ODD], failureMessages: [inert] }],
  });
});
