/**
 * What was set up and is to be torn down, on disk, so that it outlives every process.
 */
import * as fs from 'node:fs';
import path from 'node:path';

const { appendFileSync, readFileSync } = fs;

/** Something with a set-up and a teardown. */
export type SetupKey =
  | { readonly kind: 'node-hook' }
  | { readonly kind: 'worker-hook'; readonly worker: number }
  | { readonly kind: 'fixture'; readonly scope: FixtureScope; readonly file: string; readonly worker: number | null };

export type FixtureScope = 'worker' | 'node' | 'run';

export interface SetupEntry {
  readonly key: SetupKey;
  /** Null until it is set up; then what that gave, undefined where it was nothing. */
  readonly done: { readonly value: unknown } | null;
}

type Line =
  | { readonly begun: number; readonly key: SetupKey }
  | { readonly done: number; readonly value?: unknown }
  | { readonly down: number };

const fileIn = (folder: string): string => path.join(folder, 'journal.jsonl');

export interface Journal {
  /** To be called before a set-up starts: one that was cut off is torn down too. */
  readonly begin: (key: SetupKey) => number;
  readonly finish: (id: number, value: unknown) => void;
  /** To be called before a teardown starts: it runs once, whatever becomes of it. */
  readonly remove: (id: number) => void;
}

export function openJournal(folder: string, nextId: number): Journal {
  let next = nextId;
  const write = (line: Line) => appendFileSync(fileIn(folder), `${JSON.stringify(line)}\n`, { mode: 0o600 });
  return {
    begin: (key) => {
      next += 1;
      write({ begun: next, key });
      return next;
    },
    finish: (id, value) => write(value === undefined ? { done: id } : { done: id, value }),
    remove: (id) => write({ down: id }),
  };
}

export interface JournalContent {
  /** Not torn down, in the order of their set-up. */
  readonly open: ReadonlyMap<number, SetupEntry>;
  readonly lastId: number;
}

/** A last line that was cut off says nothing. */
export function readJournal(folder: string): JournalContent {
  const open = new Map<number, SetupEntry>();
  let lastId = 0;
  let text = '';
  try {
    text = readFileSync(fileIn(folder), 'utf8');
  } catch {
    // Killed before anything was set up.
  }
  for (const one of text.split('\n')) {
    const line = parseLine(one);
    if (line === null) continue;
    if ('begun' in line) {
      open.set(line.begun, { key: line.key, done: null });
      lastId = Math.max(lastId, line.begun);
    } else if ('done' in line) {
      const entry = open.get(line.done);
      if (entry !== undefined) open.set(line.done, { ...entry, done: { value: line.value } });
    } else {
      open.delete(line.down);
    }
  }
  return { open, lastId };
}

function parseLine(text: string): Line | null {
  try {
    return text === '' ? null : (JSON.parse(text) as Line);
  } catch {
    return null;
  }
}
