/** What the proof found, as a CI shows it. */
import { withCode } from '../../errors';
import type { Finding } from '../../proof/finding';
import type { CiProblem } from './ci-log';

const isWorthIt = ({ severity }: Finding): boolean => severity !== 'note';

/** Errors and warnings, in their order. */
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
