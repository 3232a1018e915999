/** Addresses on the web of what a report speaks of; made by us, from facts of CIs and forges. */

import type { BlobMetadata } from '../../blob/blob';
import { providers } from '../../node/detect-provider';
import { commitPage, filePages, readForge, runPage } from '../../node/forge';
import { NO_LINKS, type ReportLinks } from './report-links';

/** What the process that makes the report knows of its place. */
export interface WebFacts {
  /** Where its repository was fetched from. */
  readonly remote: string | null;
  /** The page of the run, where this process is a job of it and knows it. */
  readonly runPage: string | null;
}

/** Folders as segments of an address; none where one of them leads upwards. */
function rootOf(rootDir: string | null): string | null {
  const segments = (rootDir ?? '').split('/').filter(Boolean);
  if (rootDir === null || segments.includes('..')) return null;
  return segments.map((segment) => `${encodeURIComponent(segment)}/`).join('');
}

export function linksOf(metadata: BlobMetadata | undefined, { remote, runPage: given }: WebFacts): ReportLinks {
  if (metadata === undefined) return NO_LINKS;
  const { provider: name, commit, run, job } = metadata;
  const provider = providers.find((one) => one.name === name);
  const forge = readForge(remote, name);
  const root = rootOf(job.rootDir);
  const files = forge === null || commit === null || root === null ? null : filePages(forge, commit);
  return {
    commit: forge === null || commit === null ? null : commitPage(forge, commit),
    run: given ?? (provider === undefined ? null : runPage(provider, forge, run.id)),
    files: files === null ? null : { ...files, root: root ?? '' },
  };
}
