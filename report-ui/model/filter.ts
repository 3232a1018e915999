/** Which files and tests a list shows. */
import type { FileEntry, ReportIndex, TestEntry } from './report-index';

/** All as they stand in the address; '' where nothing is chosen. */
export interface Filter {
  readonly status: string;
  readonly node: string;
  readonly project: string;
  readonly text: string;
  readonly sort: string;
}

export const TEST_STATUSES = ['failed', 'passed', 'flaky', 'skipped', 'todo'] as const;
export const FILE_STATUSES = ['failed', 'passed', 'skipped'] as const;

/** All words must occur, in any order and case. */
function matchesText(searched: string, text: string): boolean {
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => searched.includes(word));
}

export function fileMatches(file: FileEntry, { status, node, project, text }: Filter): boolean {
  return (
    (status === '' || file.status === status) &&
    (node === '' || file.runs.some((run) => String(run.node) === node)) &&
    (project === '' || file.project === project) &&
    (text === '' || matchesText(file.searched, text))
  );
}

function testMatches(test: TestEntry, { status, node, project, text }: Filter): boolean {
  return (
    (status === '' || (status === 'flaky' ? test.isFlaky : test.status === status)) &&
    (node === '' || String(test.run.node) === node) &&
    (project === '' || test.file.project === project) &&
    (text === '' || matchesText(test.searched, text))
  );
}

export const FILE_SORTS = {
  ...{ failed: 'failed first', slowest: 'slowest first', name: 'by name', start: 'by start', folder: 'by folder' },
};
export const TEST_SORTS = { failed: 'failed first', slowest: 'slowest first', name: 'by file', node: 'by node' };

const rank = (status: string): number => (status === 'failed' ? 0 : 1);
const byName = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const nameOf = ({ project, path }: FileEntry): string => `${project ?? ''}\0${path}`;

export function filterFiles({ files }: ReportIndex, filter: Filter): FileEntry[] {
  const shown = files.filter((file) => fileMatches(file, filter));
  const names = new Map(shown.map((file) => [file, nameOf(file)]));
  const compareNames = (a: FileEntry, b: FileEntry) => byName(names.get(a) ?? '', names.get(b) ?? '');
  switch (filter.sort) {
    case 'slowest':
      return shown.sort((a, b) => b.durationMs - a.durationMs || compareNames(a, b));
    case 'name':
      return shown.sort(compareNames);
    case 'start':
      return shown.sort((a, b) => (a.runs[0]?.startOffsetMs ?? 0) - (b.runs[0]?.startOffsetMs ?? 0));
    default:
      return shown.sort((a, b) => rank(a.status) - rank(b.status) || compareNames(a, b));
  }
}

export function filterTests({ tests }: ReportIndex, filter: Filter): TestEntry[] {
  const shown = tests.filter((test) => testMatches(test, filter));
  switch (filter.sort) {
    case 'slowest':
      return shown.sort((a, b) => (b.durationMs ?? 0) - (a.durationMs ?? 0));
    case 'name':
      return shown.sort((a, b) => byName(a.file.path, b.file.path));
    case 'node':
      return shown.sort((a, b) => a.run.node - b.run.node);
    default:
      return shown.sort((a, b) => rank(a.status) - rank(b.status));
  }
}
