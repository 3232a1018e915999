/** What `-t` chooses. A pattern that no test has is green in Jest: every test is skipped. */

export interface NameMatches {
  /** @param fullName of a test, with those of its suites. */
  see(fullName: string): void;
  /**
   * A clause about the pattern; null where a test of that name was seen, or no test at all.
   *
   * @param tests of whom it is; default all.
   */
  unmatched(tests?: string): string | null;
}

/** As Jest reads it; null where it is no pattern, which Jest itself reports. */
function readPattern(pattern: string): RegExp | null {
  try {
    return new RegExp(pattern, 'i');
  } catch {
    return null;
  }
}

/** @param pattern Jest's `testNamePattern`. */
export function watchNames(pattern: string): NameMatches {
  const matcher = readPattern(pattern);
  let isSeen = false;
  let hasMatch = matcher === null;
  return {
    see(fullName) {
      isSeen = true;
      hasMatch ||= matcher?.test(fullName) === true;
    },
    unmatched: (tests = 'test') =>
      isSeen && !hasMatch ? `no ${tests} has a name that matches -t ${JSON.stringify(pattern)}` : null,
  };
}
