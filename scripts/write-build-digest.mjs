/** What tells two builds of one version apart, in `dist/build-digest.txt`: a host must run the one that starts it. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** @param dist absolute; everything that runs is there by now. */
export function writeBuildDigest(dist) {
  const hash = createHash('sha256');
  const names = readdirSync(dist, { recursive: true }).filter((name) => name.endsWith('.js'));
  for (const name of names.sort()) {
    const file = path.join(dist, name);
    hash
      .update(`${name.split(path.sep).join('/')}\0`)
      .update(readFileSync(file))
      .update('\0');
  }
  writeFileSync(path.join(dist, 'build-digest.txt'), `${hash.digest('hex')}\n`);
}
