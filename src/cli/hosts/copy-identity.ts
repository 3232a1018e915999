/** Which checkout a copy is of, and where it lies on a host. */
import { createHash } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import path from 'node:path';
import { DistributedError } from '../../errors';
import { findRepository } from '../../files/folders';
import type { CopyOwner } from './protocol';

/** @throws DistributedError `HOSTS_NEED_GIT`. */
export function findTop(): string {
  const top = findRepository(process.cwd());
  if (top !== null) return top;
  throw new DistributedError({
    code: 'HOSTS_NEED_GIT',
    message: `${process.cwd()} lies in no git repository, and what is copied to hosts is what git tracks.`,
    remedy: 'Run "git init" in the top folder of the project once; nothing must be committed.',
  });
}

/** Who copies what: two people, or two checkouts of one, never share a copy. */
export const ownerOf = (top: string): CopyOwner => ({ user: userInfo().username, host: hostname(), checkout: top });

/** Readable, and one path segment everywhere. */
export function copyNameOf({ user, host, checkout }: CopyOwner, target: string): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([user, host, checkout, target]))
    .digest('hex');
  const readable = path
    .basename(checkout)
    .replace(/[^\w-]/g, '-')
    .slice(0, 40);
  return `${readable}-${digest.slice(0, 12)}`;
}
