/** The quarantine file of a project, and what is remembered of its tests, on disk. */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import path from 'node:path';
import { portableName } from '../blob/portable-names';
import { DistributedError } from '../errors';
import {
  canonicalQuarantine,
  dayOf,
  NO_QUARANTINE,
  QUARANTINE_FILE,
  type Quarantine,
  readQuarantine,
} from '../flaky/quarantine';
import { EMPTY_RECORD, parseRecord, type QuarantineRecord } from '../flaky/quarantine-record';
import { shownPath } from './folders';
import { unreadableText } from './fs-error-text';
import { makeFolder } from './own-folder';
import { isPlainFile } from './plain-file';

// Taken when this module is loaded: in band a test that replaces members of `fs` replaces them for us too.
const { lstatSync, readFileSync, writeFileSync, renameSync } = fs;

export interface LoadedQuarantine {
  readonly quarantine: Quarantine;
  /** Of its content, hexadecimal; null where there is no file. */
  readonly digest: string | null;
  /** What is wrong with it, a sentence each. */
  readonly problems: readonly string[];
}

/** @param file absolute path of a test file. @returns how entries name it: POSIX, NFC, relative to the folder of the quarantine. */
export const nameInQuarantine = (projectDir: string, file: string): string => portableName(projectDir, file);

/** Whether the file of an entry is there: a file system may have its letters in another form than the entry. */
export const isFileOfEntry = (projectDir: string, name: string): boolean =>
  ['NFC', 'NFD'].some((form) => isPlainFile(path.join(projectDir, name.normalize(form))));

const pathOf = (projectDir: string): string => path.join(projectDir, QUARANTINE_FILE);

/** Undefined where it does not exist. */
function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    // A link that leads nowhere is no absent file: somebody means one to be there.
    const isAbsent = lstatSync(file, { throwIfNoEntry: false }) === undefined;
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT' && isAbsent) return undefined;
    throw new DistributedError({
      code: 'QUARANTINE_INVALID',
      message: `${shownPath(file)} ${unreadableText(cause)}.`,
      remedy: 'Make it readable for this user.',
      cause,
    });
  }
}

/**
 * Reads the file, whatever is wrong with it.
 *
 * @throws DistributedError `QUARANTINE_INVALID` where it cannot be read.
 */
export function readQuarantineFile(projectDir: string, nowMs: number): LoadedQuarantine {
  const text = readText(pathOf(projectDir));
  if (text === undefined) return { quarantine: NO_QUARANTINE, digest: null, problems: [] };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { quarantine: NO_QUARANTINE, digest: digestOf(text), problems: [`It is not JSON: ${why}.`] };
  }
  const { quarantine, problems } = readQuarantine(value, dayOf(nowMs));
  return { quarantine, digest: digestOf(problems.length > 0 ? text : canonicalQuarantine(quarantine)), problems };
}

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Problems that a message names. */
const SHOWN = 5;

/** @throws DistributedError `QUARANTINE_INVALID` where anything is wrong with the file. */
export function loadQuarantineFile(projectDir: string, nowMs: number): LoadedQuarantine {
  const loaded = readQuarantineFile(projectDir, nowMs);
  const { problems } = loaded;
  if (problems.length === 0) return loaded;
  const hidden = problems.length - SHOWN;
  const list = [...problems.slice(0, SHOWN), ...(hidden > 0 ? [`and ${hidden} more`] : [])];
  throw new DistributedError({
    code: 'QUARANTINE_INVALID',
    message: `${shownPath(pathOf(projectDir))} is wrong:${list.map((text) => `\n    ${text}`).join('')}`,
    remedy: 'Correct it; until then no test is run.',
  });
}

/** Writes the file, by name of file and test, so that two branches that add something seldom meet. */
export function writeQuarantineFile(projectDir: string, { cap, report, tests }: Quarantine): void {
  const sorted = [...tests].sort((a, b) => (`${a.file}\0${a.test}` < `${b.file}\0${b.test}` ? -1 : 1));
  const text = `${JSON.stringify({ cap, report, tests: sorted }, null, 2)}\n`;
  writeFileSync(pathOf(projectDir), text);
}

const RECORD_NAME = 'quarantine-record.json';

/** Beside the timings, and kept as they are. @param store absolute path of the timings file. */
const recordPath = (store: string): string => path.join(path.dirname(store), RECORD_NAME);

/** What is damaged or of another version is no record: it is only evidence, and grows again. */
export function readQuarantineRecord(store: string): QuarantineRecord {
  try {
    return parseRecord(JSON.parse(readFileSync(recordPath(store), 'utf8'))) ?? EMPTY_RECORD;
  } catch {
    return EMPTY_RECORD;
  }
}

export function writeQuarantineRecord(store: string, record: QuarantineRecord): void {
  const file = recordPath(store);
  makeFolder(path.dirname(file));
  writeFileSync(`${file}.new`, `${JSON.stringify(record, null, 2)}\n`);
  renameSync(`${file}.new`, file);
}
