import { gitlab } from '../../node/providers/gitlab';
import type { CiLog } from './ci-log';
import { inertTitle } from './inert-line';

const ESCAPE = '\u001b[0K';

/** Sections with one name in one log are one. */
const nameOf = (title: string, atMs: number): string =>
  `jest_distributed_${title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .slice(0, 40)}_${atMs}`;

/** An open section of the log: GitLab lists them, and has no annotations. https://docs.gitlab.com/ci/jobs/job_logs/ */
export const gitlabLog: CiLog = {
  provider: gitlab,
  stream: 'stderr',
  frame: (lines, title, atMs) => {
    const seconds = Math.floor(atMs / 1000);
    const name = nameOf(title, atMs);
    return [
      `${ESCAPE}section_start:${seconds}:${name}\r${ESCAPE}${inertTitle(title)}`,
      ...lines,
      `${ESCAPE}section_end:${seconds}:${name}\r${ESCAPE}`,
    ];
  },
};
