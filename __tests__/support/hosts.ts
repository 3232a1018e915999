/**
 * Host projects: folders whose node_modules hold this package, from the packed tarball as a user would get it, and one
 * major version of Jest. They are made once by `prepare-hosts.ts`, before any test.
 *
 * They lie in the system's temporary folder and not inside the repository, so that nothing can be resolved from the
 * repository's own node_modules by accident.
 */
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';

export type JestMajor = 29 | 30;

export interface Host {
  readonly major: JestMajor;
  /** Exact version of Jest in it. */
  readonly jest: string;
  /** Absolute; `node_modules` is in it. Projects under test are copied below it. */
  readonly dir: string;
}

const VERSIONS: Record<JestMajor, string> = { 29: '29.7.0', 30: '30.5.2' };

/** Everything below one folder per user, so that two checkouts do not install over each other in one run. */
export const hostsFolder = (): string =>
  process.env.JDIST_TEST_HOSTS ?? path.join(tmpdir(), `jest-distributed-hosts-${userInfo().username}`);

/** What the project of jest.config.ts that this file runs in has; `JDIST_TEST_JEST=29` leaves one of them. */
function majors(): readonly JestMajor[] {
  const { jestMajors = [29, 30] } = globalThis as { readonly jestMajors?: readonly JestMajor[] };
  const asked = process.env.JDIST_TEST_JEST;
  return asked === undefined ? jestMajors : jestMajors.filter((major) => String(major) === asked);
}

export function hosts(): Host[] {
  return majors().map(host);
}

/**
 * For what does not depend on Jest's version: the newest one, and all of them in the matrix (`npm run test:matrix`).
 */
export function newestHosts(): Host[] {
  return process.env.JDIST_TEST_MATRIX === '1' ? hosts() : hosts().slice(-1);
}

export function host(major: JestMajor): Host {
  return { major, jest: VERSIONS[major], dir: path.join(hostsFolder(), `jest-${major}`) };
}
