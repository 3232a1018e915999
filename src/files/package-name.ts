import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { DistributedError } from '../errors';

/**
 * `name` in the package.json of a folder; null where there is no such file or no name in it. Folders above are not
 * searched: what lies outside the checkout differs between machines.
 *
 * @param folder absolute path of the project folder.
 * @throws DistributedError `PACKAGE_UNREADABLE`: a node that took another name would join another queue.
 */
export async function readPackageName(folder: string): Promise<string | null> {
  const file = path.join(folder, 'package.json');
  try {
    const { name } = Object(JSON.parse(await readFile(file, 'utf8'))) as { name?: unknown };
    return typeof name === 'string' && name !== '' ? name : null;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new DistributedError({
      code: 'PACKAGE_UNREADABLE',
      message: `${file}, which names the pipeline in the queue, cannot be read: ${(cause as Error).message}.`,
      remedy: 'Correct the file.',
      cause,
    });
  }
}
