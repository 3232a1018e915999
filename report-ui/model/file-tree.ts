/** Files by folder, with what matters of all below. */
import type { FileEntry, TestEntry } from './report-index';

export interface FolderNode {
  /** From the folder above, POSIX: folders that hold one folder alone are one. */
  readonly name: string;
  readonly path: string;
  readonly folders: readonly FolderNode[];
  readonly files: readonly FileEntry[];
  readonly fileCount: number;
  readonly failedFiles: number;
  readonly durationMs: number;
}

interface OpenFolder {
  readonly folders: Map<string, OpenFolder>;
  readonly files: FileEntry[];
}

const newFolder = (): OpenFolder => ({ folders: new Map(), files: [] });

const byName = <T extends { readonly name: string }>(a: T, b: T): number => (a.name < b.name ? -1 : 1);

function close(name: string, path: string, { folders, files }: OpenFolder): FolderNode {
  const [only, ...others] = folders;
  if (only !== undefined && others.length === 0 && files.length === 0 && path !== '')
    return close(`${name}/${only[0]}`, `${path}/${only[0]}`, only[1]);
  const below = [...folders].map(([child, folder]) => close(child, path === '' ? child : `${path}/${child}`, folder));
  const sum = (pick: (node: FolderNode) => number) => below.reduce((all, node) => all + pick(node), 0);
  return {
    ...{ name, path, folders: below.sort(byName), files: [...files].sort((a, b) => (a.path < b.path ? -1 : 1)) },
    fileCount: files.length + sum(({ fileCount }) => fileCount),
    failedFiles: files.filter(({ status }) => status === 'failed').length + sum(({ failedFiles }) => failedFiles),
    durationMs: files.reduce((all, { durationMs }) => all + durationMs, 0) + sum(({ durationMs }) => durationMs),
  };
}

/** @returns the root, whose own name is empty. */
export function treeOfFiles(files: readonly FileEntry[]): FolderNode {
  const root = newFolder();
  for (const file of files) {
    const names = [...(file.project === null ? [] : [file.project]), ...file.path.split('/').slice(0, -1)];
    let folder = root;
    for (const name of names) {
      let next = folder.folders.get(name);
      if (next === undefined) {
        next = newFolder();
        folder.folders.set(name, next);
      }
      folder = next;
    }
    folder.files.push(file);
  }
  return close('', '', root);
}

export interface SuiteNode {
  readonly title: string;
  readonly suites: readonly SuiteNode[];
  readonly tests: readonly TestEntry[];
  readonly failed: number;
  readonly count: number;
}

interface OpenSuite {
  readonly suites: Map<string, OpenSuite>;
  readonly tests: TestEntry[];
}

function closeSuite(title: string, { suites, tests }: OpenSuite): SuiteNode {
  const below = [...suites].map(([name, suite]) => closeSuite(name, suite));
  return {
    ...{ title, suites: below, tests },
    failed: tests.filter(({ status }) => status === 'failed').length + below.reduce((sum, one) => sum + one.failed, 0),
    count: tests.length + below.reduce((sum, one) => sum + one.count, 0),
  };
}

/** Tests of a file by their describe blocks, in their order. */
export function treeOfTests(tests: readonly TestEntry[]): SuiteNode {
  const root: OpenSuite = { suites: new Map(), tests: [] };
  for (const test of tests) {
    let suite = root;
    for (const title of test.titles.slice(0, -1)) {
      let next = suite.suites.get(title);
      if (next === undefined) {
        next = { suites: new Map(), tests: [] };
        suite.suites.set(title, next);
      }
      suite = next;
    }
    suite.tests.push(test);
  }
  return closeSuite('', root);
}
