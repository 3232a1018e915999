/**
 * Where a repository, its commits and its files are shown on the web, from the address that git fetches it from.
 *
 * What stands in a blob may come from a fork: only what looks like a commit, a path or a run's id gets into an address,
 * and no address is anything but http or https.
 */
import type { ForgeStyle, Provider } from './providers/provider';

export interface Forge {
  /** Without a slash at its end: `https://github.com/owner/name`. */
  readonly web: string;
  readonly style: ForgeStyle;
}

const HOSTS: readonly (readonly [RegExp, ForgeStyle])[] = [
  [/(^|\.)github\./, 'github'],
  [/gitlab/, 'gitlab'],
  [/^bitbucket\.org$/, 'bitbucket'],
  [/^dev\.azure\.com$|\.visualstudio\.com$/, 'azure'],
  [/^codeberg\.org$|gitea|forgejo/, 'gitea'],
];

/** A forge of its own behind any host name, as its CI says it. */
const OF_PROVIDER: Readonly<Record<string, ForgeStyle>> = { 'GitHub Actions': 'github', 'GitLab CI': 'gitlab' };

/** Host and path of `https://…`, `ssh://git@…` and `git@host:owner/name.git`; without user, password and SSH's port. */
function parseRemote(remote: string): { readonly origin: string; readonly host: string; readonly path: string } | null {
  const scp = /^(?:[\w.-]+@)?([\w.-]{2,}):(?!\/)([^\s?#]+)$/.exec(remote);
  const text = scp === null ? remote : `ssh://${scp[1]}/${scp[2]}`;
  if (!URL.canParse(text)) return null;
  const { protocol, hostname, host, pathname } = new URL(text);
  const path = pathname.replace(/\/+$/, '').replace(/\.git$/, '');
  if (hostname === '' || !/^(?:\/[^/]+){2,}$/.test(path)) return null;
  if (protocol === 'http:' || protocol === 'https:') return { origin: `${protocol}//${host}`, host: hostname, path };
  return /^(?:git\+)?ssh:$|^git:$/.test(protocol) ? { origin: `https://${hostname}`, host: hostname, path } : null;
}

/** `git@ssh.dev.azure.com:v3/org/project/repo` and `https://dev.azure.com/org/project/_git/repo` are one. */
function azureWeb(origin: string, host: string, path: string): string {
  const ssh = /^\/v3\/([^/]+)\/([^/]+)\/([^/]+)$/.exec(path);
  return host === 'ssh.dev.azure.com' && ssh !== null
    ? `https://dev.azure.com/${ssh[1]}/${ssh[2]}/_git/${ssh[3]}`
    : `${origin}${path}`;
}

/** @returns null where nobody knows how this forge writes its addresses. */
export function readForge(remote: string | null, providerName: string | null): Forge | null {
  const parsed = remote === null ? null : parseRemote(remote);
  if (parsed === null) return null;
  const { origin, host, path } = parsed;
  const style =
    host === 'ssh.dev.azure.com'
      ? 'azure'
      : (HOSTS.find(([pattern]) => pattern.test(host))?.[1] ?? OF_PROVIDER[providerName ?? '']);
  if (style === undefined) return null;
  return { web: style === 'azure' ? azureWeb(origin, host, path) : `${origin}${path}`, style };
}

const isCommit = (commit: string): boolean => /^[\da-f]{7,64}$/.test(commit);

export function commitPage({ web, style }: Forge, commit: string): string | null {
  if (!isCommit(commit)) return null;
  const folder = {
    github: '/commit/',
    gitlab: '/-/commit/',
    bitbucket: '/commits/',
    azure: '/commit/',
    gitea: '/commit/',
  };
  return `${web}${folder[style]}${commit}`;
}

/** An address of a line of a file is `base`, the path (segments escaped), `line` and the number. */
export interface FilePages {
  readonly base: string;
  readonly line: string;
}

export function filePages({ web, style }: Forge, commit: string): FilePages | null {
  if (!isCommit(commit)) return null;
  switch (style) {
    case 'github':
      return { base: `${web}/blob/${commit}/`, line: '#L' };
    case 'gitlab':
      return { base: `${web}/-/blob/${commit}/`, line: '#L' };
    case 'bitbucket':
      return { base: `${web}/src/${commit}/`, line: '#lines-' };
    case 'gitea':
      return { base: `${web}/src/commit/${commit}/`, line: '#L' };
    case 'azure':
      return { base: `${web}?version=GC${commit}&path=/`, line: '&line=' };
  }
}

/** The CI's page of a run, by what its id says; null where the id says too little, or is none. */
export function runPage(provider: Pick<Provider, 'runPage'>, forge: Forge | null, runId: string): string | null {
  const { runPage: facts } = provider;
  if (facts === undefined || !facts.id.test(runId)) return null;
  if (facts.forge === undefined) return facts.address(runId, '');
  return forge?.style === facts.forge ? facts.address(runId, forge.web) : null;
}

/** A page that the CI itself named, in a job of that very run. */
export function webPage(address: string | undefined): string | null {
  if (address === undefined || !URL.canParse(address)) return null;
  const { protocol, username, href } = new URL(address);
  return username === '' && (protocol === 'https:' || protocol === 'http:') ? href : null;
}
