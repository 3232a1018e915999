import { expect, test } from '@jest/globals';
import { argumentsOfJest } from '../../../src/jest/host/jest-arguments';

test.each([
  ['/x/node_modules/.bin/jest', ['--nodes=4'], ['--nodes=4']],
  ['/x/node_modules/jest/bin/jest.js', ['a'], ['a']],
  // A wrapper that hands its arguments on.
  ['/x/react-scripts/scripts/test.js', ['--testSequencer=jest-distributed', '--nodes=4'], 'all'],
  ['/x/react-scripts/scripts/test.js', ['--test-sequencer', 'jest-distributed'], 'all'],
  // Other programs: their flags may mean anything.
  ['/x/tool.js', ['--nodes=4'], null],
  ['/x/my-jest.js', ['--label=x'], null],
  ['/x/jest-distributed/dist/cli.js', ['run', '--nodes=4'], null],
])('%s %j', (program, args, expected) => {
  expect(argumentsOfJest(['/usr/bin/node', program, ...args])).toEqual(expected === 'all' ? args : expected);
});

test('a process without a program', () => {
  expect(argumentsOfJest(['/usr/bin/node'])).toBeNull();
});
