/** The Markdown pages that people read, as far as tests look at them: headings, links and code blocks. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const root = path.join(__dirname, '..', '..');

export interface CodeBlock {
  /** `sh`, `yaml`, …; empty where the fence names none. */
  readonly language: string;
  readonly text: string;
  /** Reason of a `<!-- not run here: reason -->` on the line above the fence, else null. */
  readonly notRun: string | null;
  /** 1-based line of the fence. */
  readonly line: number;
}

export interface Page {
  /** POSIX, relative to the root of the repository. */
  readonly name: string;
  readonly blocks: readonly CodeBlock[];
  /** Targets of links and images outside code; those of this repository relative to the page. */
  readonly links: readonly string[];
  /** The same as written. */
  readonly writtenLinks: readonly string[];
  /** As GitHub makes them from headings. */
  readonly anchors: ReadonlySet<string>;
}

/** Where npm shows the README no relative link works, so its own pages are named by their address. */
const OWN_ADDRESS =
  /^https:\/\/(?:github\.com\/jest-distributed\/jest-distributed\/(?:blob|tree)|raw\.githubusercontent\.com\/jest-distributed\/jest-distributed)\/main\//;

/** A link to a page of this repository as if it were relative to the page that it stands on. */
export function relativeLink(page: string, link: string): string {
  if (!OWN_ADDRESS.test(link)) return link;
  const [target = '', anchor] = link.replace(OWN_ADDRESS, '').split('#', 2);
  return path.posix.relative(path.posix.dirname(page), target) + (anchor === undefined ? '' : `#${anchor}`);
}

const skipped = new Set(['node_modules', '.jest-distributed', 'dist']);

function markdownIn(folder: string): string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : markdownIn(name);
    return entry.name.endsWith('.md') ? [name] : [];
  });
}

/** The pages at the top of the repository, and everything in docs and examples. */
export function pageNames(): string[] {
  const own = ['README.md', 'CHANGELOG.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md'];
  return [...own, ...markdownIn('docs'), ...markdownIn('examples')].sort();
}

function anchorOf(heading: string): string {
  const text = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/[`*]/g, '');
  return text
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M} _-]/gu, '')
    .replace(/ /g, '-');
}

export function readPage(name: string): Page {
  const lines = readFileSync(path.join(root, name), 'utf8').split('\n');
  const blocks: CodeBlock[] = [];
  const prose: string[] = [];
  for (let at = 0; at < lines.length; at++) {
    const fence = /^(\s*)(```+)(\S*)\s*$/.exec(lines[at] as string);
    if (fence === null) {
      prose.push(lines[at] as string);
      continue;
    }
    const end = lines.findIndex((line, index) => index > at && line.trim() === fence[2]);
    if (end < 0) throw new Error(`${name}:${at + 1}: this code block has no end.`);
    blocks.push({
      language: fence[3] as string,
      text: lines.slice(at + 1, end).join('\n'),
      notRun: /^<!-- not run here: (.+) -->$/.exec(lines[at - 1] ?? '')?.[1] ?? null,
      line: at + 1,
    });
    at = end;
  }
  const anchors = new Set<string>();
  for (const line of prose) {
    const heading = /^#+ (.+)$/.exec(line)?.[1];
    if (heading === undefined) continue;
    const anchor = anchorOf(heading);
    let unique = anchor;
    for (let count = 1; anchors.has(unique); count++) unique = `${anchor}-${count}`;
    anchors.add(unique);
  }
  const withoutCode = prose.join('\n').replace(/`[^`\n]*`/g, (code) => 'x'.repeat(code.length));
  const writtenLinks = [...withoutCode.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] as string);
  return { name, blocks, links: writtenLinks.map((link) => relativeLink(name, link)), writtenLinks, anchors };
}
