/** `quarantine add` and `quarantine remove`. */
import path from 'node:path';
import { DistributedError } from '../../errors';
import { shownPath } from '../../files/folders';
import { isFileOfEntry, nameInQuarantine, writeQuarantineFile } from '../../files/quarantine-file';
import { addDays, entryName, QUARANTINE_FILE, type QuarantineEntry, readQuarantine } from '../../flaky/quarantine';
import { printNotice } from '../../jest/planning/print-share';
import type { Arguments } from '../command-line/command';
import { openQuarantine, requireSound } from './open-quarantine';

/** Days that an entry lasts where nobody says more. */
export const DEFAULT_DAYS = 14;

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

function daysOf(argv: Arguments): number {
  const days = Number(argv.days ?? DEFAULT_DAYS);
  if (Number.isInteger(days) && days >= 1) return days;
  throw new DistributedError({
    code: 'QUARANTINE_DAYS_INVALID',
    message: `The number of days is "${String(argv.days)}" (from --days).`,
    remedy: 'Give a whole number, 1 or more.',
  });
}

/** `quarantine add` */
export async function add(argv: Arguments): Promise<number> {
  const { projectDir, quarantine, problems: before, today } = await openQuarantine(argv);
  requireSound(before);
  const file = nameInQuarantine(projectDir, path.resolve(String(argv.file)));
  if (!isFileOfEntry(projectDir, file)) {
    throw new DistributedError({
      code: 'FILE_UNKNOWN',
      message: `There is no file ${String(argv.file)}.`,
      remedy: 'Give the path of the test file from here.',
    });
  }
  const { owner, reason, issue, project } = argv;
  const entry: QuarantineEntry = {
    file,
    ...(typeof project === 'string' && { project }),
    test: String(argv.test),
    owner: String(owner),
    reason: String(reason),
    since: today,
    until: textOf(argv.until) ?? addDays(today, daysOf(argv)),
    ...(typeof issue === 'string' && { issue }),
  };
  const tests = [...quarantine.tests, entry];
  const { problems } = readQuarantine({ ...quarantine, tests }, today);
  if (problems.length > 0) {
    throw new DistributedError({
      code: 'QUARANTINE_INVALID',
      message: `The entry would make ${QUARANTINE_FILE} wrong:${problems.map((text) => `\n    ${text}`).join('')}`,
      remedy: 'Correct what is given, or remove an entry first.',
    });
  }
  writeQuarantineFile(projectDir, { ...quarantine, tests });
  printNotice(
    `${entryName(entry)} is in quarantine until ${entry.until}. Commit ${shownPath(path.join(projectDir, QUARANTINE_FILE))}.`,
  );
  return 0;
}

/** `quarantine remove` */
export async function remove(argv: Arguments): Promise<number> {
  const { projectDir, quarantine, problems } = await openQuarantine(argv);
  // Damaged entries are not among those that were read, and would be lost.
  if (problems.some((text) => !/more than its cap/.test(text))) requireSound(problems);
  const { project, test } = argv;
  // A path that is typed may also be the one that the file has, also where that file is gone.
  const names = new Set([nameInQuarantine(projectDir, path.resolve(String(argv.file))), String(argv.file)]);
  const found = quarantine.tests.filter(
    (entry) => names.has(entry.file) && entry.test === test && (project === undefined || entry.project === project),
  );
  // Without a project the entry that names none is meant, where there is one.
  const plain = found.filter((entry) => entry.project === undefined);
  const [entry, ...others] = project === undefined && plain.length > 0 ? plain : found;
  if (others.length > 0) {
    throw new DistributedError({
      code: 'QUARANTINE_ENTRY_UNKNOWN',
      message: `${String(argv.file)}: ${String(test)} is in quarantine in several projects: ${found.map((one) => one.project).join(', ')}.`,
      remedy: 'Give one of them with --project.',
    });
  }
  if (entry === undefined) {
    throw new DistributedError({
      code: 'QUARANTINE_ENTRY_UNKNOWN',
      message: `${String(argv.file)}: ${String(test)} is not in quarantine.`,
      remedy: 'See: npx jest-distributed quarantine list',
    });
  }
  writeQuarantineFile(projectDir, { ...quarantine, tests: quarantine.tests.filter((one) => one !== entry) });
  printNotice(`${entryName(entry)} is out of quarantine.`);
  return 0;
}
