/**
 * Where this node is in its queue, from Jest's main process to the one that runs hooks and fixtures. In a file and not in
 * the environment, which tests see: the URL of a database holds a password.
 */
import * as fs from 'node:fs';
import path from 'node:path';
import type { QueueTarget } from '../postgres/queue-target';
import type { QueueSession } from '../queue/queue';
import { FILES } from './protocol';
import { makeJournalRoot, type SetupSpec } from './setup-spec';

// Taken when this module is loaded: in band a test that replaces members of `fs` replaces them for us too.
const { mkdirSync, readFileSync, renameSync, writeFileSync } = fs;

export interface QueuePlace {
  readonly target: QueueTarget;
  readonly session: QueueSession;
}

/** Makes the process's folder, and leaves it to the first who asks to start it. */
export function writeQueuePlace(spec: SetupSpec, place: QueuePlace): void {
  const { folder } = spec;
  makeJournalRoot(path.dirname(folder));
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const write = (file: string, content: unknown) => {
    writeFileSync(`${path.join(folder, file)}.new`, JSON.stringify(content), { mode: 0o600 });
    renameSync(`${path.join(folder, file)}.new`, path.join(folder, file));
  };
  write(FILES.spec, spec);
  write(FILES.queue, place);
}

/** Null where this node has not joined its queue yet. */
export function readQueuePlace(folder: string): QueuePlace | null {
  try {
    return JSON.parse(readFileSync(path.join(folder, FILES.queue), 'utf8')) as QueuePlace;
  } catch {
    return null;
  }
}
