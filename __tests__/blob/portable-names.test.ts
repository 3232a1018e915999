import path from 'node:path';
import { expect, test } from '@jest/globals';
import { nameBelow, portableName } from '../../src/blob/portable-names';

const taken = 'cafe\u0301.test.js';
const whole = 'caf\u00e9.test.js';

test('a name that is compared has one spelling, and one that opens a file is left as it is', () => {
  const folder = path.resolve('/shop');
  expect(portableName(folder, path.join(folder, 'src', taken))).toBe(`src/${whole}`);
  expect(nameBelow(folder, path.join(folder, 'src', taken))).toBe(`src/${taken}`);
  expect(portableName(folder, folder)).toBe('');
  expect(portableName(path.join(folder, 'src'), path.join(folder, 'a.test.js'))).toBe('../a.test.js');
});
