/** Which version of this package runs, and which build of it. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Of the package that this file belongs to. */
export const packageVersion = (): string =>
  (JSON.parse(readFileSync(path.join(__dirname, '..', '..', 'package.json'), 'utf8')) as { version: string }).version;

/** Name of the file, in the folder of what runs, that tells two builds of one version apart. */
const BUILD_DIGEST = 'build-digest.txt';

/** @param dist folder of what runs, absolute. @returns empty where a build has none. */
export function readBuildDigest(dist: string): string {
  const file = path.join(dist, BUILD_DIGEST);
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
}

/** Of the package that this file belongs to. */
export const buildDigest = (): string => readBuildDigest(path.join(__dirname, '..'));
