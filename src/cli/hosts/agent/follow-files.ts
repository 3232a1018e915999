/** Sends home what a node writes into the folder of its run, as it grows: its blob and what it prints. */
import { closeSync, fstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import path from 'node:path';
import { nameBelow } from '../../../blob/portable-names';

export interface FileSink {
  readonly bytes: (file: number, name: string, data: string) => Promise<void>;
  readonly renamed: (file: number, name: string) => Promise<void>;
}

interface Followed {
  readonly id: number;
  readonly descriptor: number;
  name: string;
  offset: number;
}

const POLL_MS = 200;
const CHUNK_BYTES = 256 * 1024;

export interface Follower {
  /** Sends what is left. */
  readonly finish: () => Promise<void>;
}

/** @param folder absolute; all files below it are sent. */
export function followFiles(folder: string, sink: FileSink): Follower {
  const byInode = new Map<number, Followed>();
  const buffer = Buffer.alloc(CHUNK_BYTES);
  let isLooking = false;

  const look = async (): Promise<void> => {
    const entries = readdirSync(folder, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile());
    for (const entry of entries) {
      const file = path.join(entry.parentPath, entry.name);
      const name = nameBelow(folder, file);
      const inode = statSync(file, { throwIfNoEntry: false })?.ino;
      if (inode === undefined) continue;
      let followed = byInode.get(inode);
      if (followed === undefined) {
        followed = { id: byInode.size, descriptor: openSync(file, 'r'), name, offset: 0 };
        byInode.set(inode, followed);
        await sink.bytes(followed.id, name, '');
      } else if (followed.name !== name) {
        await drain(followed);
        followed.name = name;
        await sink.renamed(followed.id, name);
      }
      await drain(followed);
    }
  };

  const drain = async (followed: Followed): Promise<void> => {
    while (followed.offset < fstatSync(followed.descriptor).size) {
      const read = readSync(followed.descriptor, buffer, 0, CHUNK_BYTES, followed.offset);
      if (read === 0) return;
      followed.offset += read;
      await sink.bytes(followed.id, followed.name, buffer.toString('base64', 0, read));
    }
  };

  let looking: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    // One at a time, however slow the connection is.
    if (isLooking) return;
    isLooking = true;
    looking = look().finally(() => {
      isLooking = false;
    });
    looking.catch(() => undefined);
  }, POLL_MS);

  return {
    finish: async () => {
      clearInterval(timer);
      await looking.catch(() => undefined);
      await look();
      for (const { descriptor } of byInode.values()) closeSync(descriptor);
    },
  };
}
