/**
 * A process that wants a directory's lock again and again, and writes down whom it met inside.
 *
 * Arguments: the directory, the folder for its marks, how many milliseconds it goes on.
 */
import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDistributedError } from '../../src/errors';
import { lockDirectory } from '../../src/postgres/client/directory-lock';

const [directory = '', marks = '', lasts = '0'] = process.argv.slice(2);
const until = Date.now() + Number(lasts);

function isZombie(pid: string): boolean {
  try {
    return /^[ZX]/.test(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1) ?? '');
  } catch {
    // Fetched since it was asked for; where there is no /proc nobody can tell.
    return existsSync('/proc/self/stat');
  }
}

/** Marks of others in there; who was killed inside left one, so its process is asked for. */
function othersInside(): string[] {
  return readdirSync(marks).filter((pid) => {
    if (pid === String(process.pid) || !/^\d+$/.test(pid)) return false;
    try {
      process.kill(Number(pid), 0);
      // Killed, and not yet fetched by its parent: it is inside no more.
      return !isZombie(pid);
    } catch {
      return false;
    }
  });
}

async function main(): Promise<void> {
  const mark = path.join(marks, String(process.pid));
  while (Date.now() < until) {
    try {
      const unlock = await lockDirectory(directory);
      writeFileSync(mark, '');
      const met = othersInside();
      appendFileSync(path.join(marks, 'log'), met.length === 0 ? 'alone\n' : `${process.pid} met ${met.join(' ')}\n`);
      await sleep(Math.random() * 8);
      rmSync(mark, { force: true });
      unlock();
    } catch (error) {
      if (!isDistributedError(error)) throw error;
    }
    // Most at once, as several starters over a dead owner are.
    await sleep(Math.random() < 0.5 ? 0 : Math.random() * 4);
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
