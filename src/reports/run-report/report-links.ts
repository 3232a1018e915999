/** Addresses on the web of what a report speaks of. */
import type { FilePages } from '../../node/forge';

export interface ReportLinks {
  readonly commit: string | null;
  /** The CI's page of the run. */
  readonly run: string | null;
  /** Lines of files; `root` stands before their paths, which are relative to Jest's root. */
  readonly files: (FilePages & { readonly root: string }) | null;
}

export const NO_LINKS: ReportLinks = { commit: null, run: null, files: null };
