/**
 * What workers, nodes and runs are called in the names of databases, folders and queues that tests make.
 *
 * All names are `[a-z0-9_]`, so that they need no quotes in SQL once a letter stands before them, and no escapes in URLs.
 */
import { createHash } from 'node:crypto';

/** The suite that a run is of, as all its nodes say it. */
export interface JobNames {
  readonly packageName: string | null;
  /** Relative to the repository, POSIX; null where there is none. */
  readonly packageDir: string | null;
  readonly label: string | null;
}

/** Characters of {@link runIdentifier}: with a worker's name behind it, it still fits PostgreSQL's 63. */
const LONGEST_RUN = 40;
const LONGEST_NODE = 24;
const HASH_LENGTH = 8;

const hashOf = (parts: readonly (string | null)[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, HASH_LENGTH);

/** In lower case, with `_` for whatever is no letter or digit of ASCII. */
const slugOf = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');

/** Cuts so that the hash always fits, and always says what was lost. */
const hashed = (slug: string, hash: string, longest: number): string => {
  const room = longest - HASH_LENGTH - 1;
  const kept = slug.slice(0, room).replace(/_+$/, '');
  return kept === '' ? hash : `${kept}_${hash}`;
};

/**
 * The run as an identifier: its id where that is one already, else as much of it as fits and a hash. The suites of one CI
 * run (packages of a monorepo, labels) have the same id, so they have a hash too.
 *
 * @example runIdentifier('8123456789', topLevelJob) // '8123456789'
 * @example runIdentifier('jenkins-API-42', topLevelJob) // 'jenkins_api_42_1f3a9c04'
 */
export function runIdentifier(id: string, { packageName, packageDir, label }: JobNames): string {
  const isPlain = /^[a-z0-9_]+$/.test(id) && id.length <= LONGEST_RUN && !endsLikeHash(id);
  const isOnlySuite = packageDir === '' && label === null;
  if (isPlain && isOnlySuite) return id;
  return hashed(slugOf(id), hashOf([id, packageName, packageDir, label]), LONGEST_RUN);
}

/**
 * A run that nobody has named, outside of a CI.
 *
 * @param seed differs between any two such runs.
 */
export const unnamedRun = (seed: string, { packageName, packageDir, label }: JobNames): string =>
  hashed('local', hashOf([seed, packageName, packageDir, label]), LONGEST_RUN);

/** An id that looks as if it had a hash could be what another one is escaped to. */
const endsLikeHash = (text: string): boolean =>
  /(?:^|_)[0-9a-f]{8}$/.test(text) && /[a-f]/.test(text.slice(-HASH_LENGTH));

/** What a node is called inside the names of its workers. @param node its number, or what the queue calls it. */
export function nodeIdentifier(node: number | string): string {
  const text = String(node);
  if (/^[1-9]\d{0,8}$/.test(text)) return `n${text}`;
  const slug = slugOf(text);
  const isPlain = slug === text && slug.length <= LONGEST_NODE && !endsLikeHash(slug);
  return `n_${isPlain ? slug : hashed(slug, hashOf([text]), LONGEST_NODE)}_`;
}

/**
 * @param worker 1-based, as `JEST_WORKER_ID`.
 * @example workerName(2, 1) // 'n2w1'
 */
export const workerName = (node: number | string, worker: number): string => `${nodeIdentifier(node)}w${worker}`;
