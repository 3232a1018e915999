/** What is tested: builds, durations and history of a queue belong to a suite. */

export interface SuiteInit {
  /** `name` in the package.json at Jest's root, or null where there is none. */
  readonly packageName: string | null;
  /** Tells several Jest runs of one CI run apart. */
  readonly label?: string | null | undefined;
}

/** The suite of a project that has no name. */
const DEFAULT_SUITE = 'default';

/**
 * The name of a suite, equal on all nodes. A name of npm holds neither blanks nor parentheses, so no two can meet.
 *
 * @example suiteName({ packageName: '@shop/web', label: 'unit' }) // '@shop/web (unit)'
 */
export function suiteName({ packageName, label }: SuiteInit): string {
  const name = packageName || DEFAULT_SUITE;
  return label ? `${name} (${label})` : name;
}
