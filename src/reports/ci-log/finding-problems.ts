/** What the proof found, as a CI shows it. */
import { withCode } from '../../errors';
import type { Finding } from '../../proof/finding';
import type { CiProblem } from './ci-log';

const isWorthIt = ({ severity, cause }: Finding): boolean => severity !== 'note' && cause === undefined;

/** Errors and warnings, in their order; what comes of one is in the log alone. */
export function findingProblems(findings: readonly Finding[]): CiProblem[] {
  return findings.filter(isWorthIt).map(({ code, severity, message, remedy }) => ({
    severity: severity === 'error' ? 'error' : 'warning',
    title: severity === 'error' ? `jest-distributed: not proven (${code})` : `jest-distributed: ${code}`,
    lines: [withCode(message, code), ...(remedy === '' ? [] : [remedy])],
    command: null,
    place: null,
    topic: 'merge',
  }));
}
