/** `quarantine list` and `quarantine check`. */
import { withCode } from '../../errors';
import { isFileOfEntry } from '../../files/quarantine-file';
import { stdoutTerminal } from '../../files/standard-terminals';
import { proveQuarantine } from '../../flaky/prove-quarantine';
import { entryName, isExpired, QUARANTINE_FILE } from '../../flaky/quarantine';
import type { Standing } from '../../flaky/quarantine-record';
import { printNotice } from '../../jest/planning/print-share';
import { countOf } from '../../reports/terminal/format';
import { alignRows, type Column, cell } from '../../reports/terminal/table';
import { colorsOf } from '../../reports/terminal/terminal';
import { printable } from '../../reports/terminal/text-width';
import type { Arguments } from '../command-line/command';
import { openQuarantine } from './open-quarantine';

function standingText({ entry, runs, failed, isBroken, passesInARow }: Standing, today: string): string {
  if (isExpired(entry, today)) return 'expired';
  if (isBroken) return 'broken';
  if (runs === 0) return 'no run';
  return passesInARow === runs ? `passed ${runs}` : `failed ${failed} of ${runs}`;
}

const problemText = (text: string): string => `error: ${QUARANTINE_FILE}: ${text}`;

/** `quarantine list` */
export async function list(argv: Arguments): Promise<number> {
  const { quarantine, problems, standings, today } = await openQuarantine(argv, true);
  // An entry that cannot be read is not in the list.
  for (const text of problems) printNotice(problemText(text));
  const exitCode = problems.length > 0 ? 1 : 0;
  if (argv.json === true) {
    const rows = standings.map(({ entry, ...standing }) => ({
      ...entry,
      expired: isExpired(entry, today),
      ...standing,
    }));
    process.stdout.write(
      `${JSON.stringify({ cap: quarantine.cap, report: quarantine.report, tests: rows }, null, 2)}\n`,
    );
    return exitCode;
  }
  const terminal = stdoutTerminal();
  const { red } = colorsOf(terminal);
  const columns: Column[] = ['until', 'owner', 'runs'].map((title) => ({ title, align: 'left' }));
  const rows = standings.map((standing) => {
    const { entry } = standing;
    const paint = isExpired(entry, today) || standing.isBroken ? red : undefined;
    const { reason, issue } = entry;
    return {
      cells: [cell(entry.until, paint), cell(printable(entry.owner)), cell(standingText(standing, today), paint)],
      rest: () => cell(printable(`${entryName(entry)} (${reason}${issue === undefined ? '' : `, ${issue}`})`)),
    };
  });
  const nothing = exitCode === 0 ? ['Nothing is in quarantine.'] : [];
  const lines = rows.length === 0 ? nothing : alignRows(columns, rows, terminal);
  if (lines.length > 0) process.stdout.write(`${lines.join('\n')}\n`);
  return exitCode;
}

/** `quarantine check` */
export async function check(argv: Arguments): Promise<number> {
  const { projectDir, quarantine, problems, standings, today } = await openQuarantine(argv, true);
  const sights = quarantine.tests.map((entry) => ({
    entry,
    isFileThere: isFileOfEntry(projectDir, entry.file),
    hasFileRun: false,
    fileUnrun: null,
    statuses: [],
  }));
  const findings = proveQuarantine(sights, standings, today);
  for (const text of problems) printNotice(problemText(text));
  for (const { severity, message, code, remedy } of findings)
    printNotice([`${severity}: ${withCode(message, code)}`, remedy]);
  const errors = problems.length + findings.filter(({ severity }) => severity === 'error').length;
  if (errors > 0) return 1;
  printNotice(`${countOf(quarantine.tests.length, 'test')} in quarantine, of at most ${quarantine.cap}`);
  return 0;
}
