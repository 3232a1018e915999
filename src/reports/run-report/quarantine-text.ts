/** Failed tests that do not decide, by their names and errors. */
import { errorLine } from '../../blob/error-line';
import { fileName } from '../../plan/item';
import { heldDetail } from '../node/held-text';
import { stripEscapes } from './escape-codes';
import type { ReportQuarantined, RunReport } from './run-report';

/** `src/a.test.js: cart adds (owner web, until 2026-12-10)`. */
export function quarantinedName(
  { files }: Pick<RunReport, 'files'>,
  { file, name, owner, until, issue }: ReportQuarantined,
): string {
  const row = files[file];
  const shown = row === undefined ? name : `${fileName(row)}: ${name}`;
  return `${shown} (${heldDetail({ name, owner, until, ...(issue !== null && { issue }) })})`;
}

/** The first line of the error that says something. */
export const quarantinedError = ({ messages }: ReportQuarantined): string => errorLine(stripEscapes(messages[0] ?? ''));
