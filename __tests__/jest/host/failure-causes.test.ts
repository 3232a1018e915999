import { describe, expect, test } from '@jest/globals';
import { failureCauses } from '../../../src/jest/host/failure-causes';

describe('why a run without failed tests is red', () => {
  test('what reporters said, line by line, without the name before it', () => {
    const text = 'Jest: "global" coverage threshold for lines (50%) not met: 90%\nJest: no data for src/a.js';
    expect(failureCauses({}, [text])).toEqual([
      '"global" coverage threshold for lines (50%) not met: 90%',
      'no data for src/a.js',
    ]);
  });

  test('obsolete snapshots and files, where they make it red', () => {
    expect(failureCauses({ snapshot: { failure: true, unchecked: 2, filesRemoved: 1 } }, [])).toEqual([
      'Jest found 2 obsolete snapshots (jest -u removes them)',
      'Jest found 1 obsolete snapshot file (jest -u removes them)',
    ]);
    expect(failureCauses({ snapshot: { failure: false, unchecked: 2, filesRemoved: 1 } }, [])).toEqual([]);
  });

  test('nothing, where nobody tells', () => {
    expect(failureCauses({}, [])).toEqual([]);
    expect(failureCauses({ snapshot: {} }, ['', '\n'])).toEqual([]);
  });
});
