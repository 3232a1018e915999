/**
 * The checkout in which blobs are read: what their placeholders mean here, and which of its files they may bring to light.
 */
import { realpathSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type TextMapping, toLocal } from '../blob/portable-paths';
import type { Folders } from './folders';

export interface Checkout {
  /** Lines of a blob → with this machine's paths. */
  readonly toLocal: TextMapping;
  /** Whether it is a source file of this repository. A blob must bring no other file of this machine to light. */
  readonly mayShow: (file: string) => boolean;
  /** Whether a path lies in this repository, as it is written and where links lead. */
  readonly isInside: (file: string) => boolean;
}

// What is written by hand and run or compiled. No data: credentials are JSON, YAML, PEM or `.env`.
const SOURCE =
  /\.(?:[cm]?[jt]sx?|vue|svelte|astro|coffee|litcoffee|es6?|ls|imba|marko|riot|elm|res|rei?|mli?|civet|g[jt]s|hbs|ejs|pug|mdx|gql|graphql|snap)$/i;

const lies = (file: string, folder: string): boolean => {
  const steps = path.relative(folder, file);
  return steps !== '' && !path.isAbsolute(steps) && steps.split(path.sep)[0] !== '..';
};

/** Where links lead; of a file that is not there, its nearest folder decides. */
function realPath(file: string): string {
  for (let there = file; ; there = path.dirname(there)) {
    try {
      return path.join(realpathSync(there), path.relative(there, file));
    } catch {
      if (path.dirname(there) === there) return file;
    }
  }
}

/** A path as somebody may write it: a file URL, or with steps up. */
function plainPath(file: string): string | undefined {
  try {
    return path.resolve(file.startsWith('file:') ? fileURLToPath(file) : file);
  } catch {
    return undefined;
  }
}

export type CheckoutFolders = Pick<Folders, 'rootDir' | 'repositoryDir'>;

/** Opens the repository that Jest's root lies in; where there is none, the root itself. */
export function openCheckout({ rootDir, repositoryDir }: CheckoutFolders): Checkout {
  const repository = path.resolve(repositoryDir ?? rootDir);
  const realRepository = realPath(repository);
  const known = new Map<string, boolean>();
  const decide = (file: string): boolean => {
    if (file.includes('\0')) return false;
    const plain = plainPath(file);
    if (plain === undefined) return false;
    return lies(plain, repository) && lies(realPath(plain), realRepository);
  };
  const isInside = (file: string): boolean => {
    let answer = known.get(file);
    if (answer === undefined) {
      answer = decide(file);
      // A blob may name any number of paths.
      if (known.size > 100_000) known.clear();
      known.set(file, answer);
    }
    return answer;
  };
  const isSource = (file: string): boolean => {
    const steps = path.relative(repository, plainPath(file) ?? '').split(path.sep);
    // Of what begins with a dot only folders of tools hold sources, and `.git` none.
    return SOURCE.test(file) && !steps.at(-1)?.startsWith('.') && !steps.includes('.git');
  };
  return { toLocal: toLocal(rootDir, repositoryDir), isInside, mayShow: (file) => isSource(file) && isInside(file) };
}
