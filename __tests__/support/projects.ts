/**
 * Projects under test: copies of examples and fixtures below a host, and Jest runs in them as a user would start them.
 */
import { type ChildProcess, type StdioOptions, spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Host } from './hosts';

const root = path.join(__dirname, '..', '..');

export interface Project {
  readonly host: Host;
  /** Absolute path of the copy. */
  readonly dir: string;
}

export interface Finished {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

// What would make Jest, our package or a terminal library behave as on somebody's machine.
const LEAKS =
  /^(JEST_|JDIST_INTERNAL_|NODE_OPTIONS|NODE_ENV|NO_COLOR|FORCE_COLOR|CI$|CI_|GITHUB_|GITLAB_|CIRCLE|BUILDKITE|SEMAPHORE|BITBUCKET|HEROKU|TEST_SHARD|TEST_TOTAL|TF_BUILD|SYSTEM_|BUILD_|AI_AGENT|AUGMENT_AGENT|CLAUDE|CODEX|CURSOR_AGENT|GEMINI_CLI|GOOSE_PROVIDER|OPENCODE|REPL_ID)/;

/** An environment that depends on nothing but what the test adds. */
export function cleanEnvironment(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !LEAKS.test(name));
  return { ...Object.fromEntries(kept), ...extra };
}

function newFolder(host: Host, name: string): string {
  const projects = path.join(host.dir, 'projects');
  mkdirSync(projects, { recursive: true });
  return mkdtempSync(path.join(projects, `${name}-`));
}

/** A fresh copy of a folder of this repository, such as `examples/basic`. */
export function copyProject(host: Host, folder: string): Project {
  const dir = newFolder(host, path.basename(folder));
  cpSync(path.join(root, folder), dir, {
    recursive: true,
    filter: (source) => !/[\\/](node_modules|\.jest-distributed)$/.test(source),
  });
  return { host, dir };
}

/** A project written inline: path → content. */
export function writeProject(host: Host, files: Readonly<Record<string, string>>): Project {
  const dir = newFolder(host, 'inline');
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(dir, name)), { recursive: true });
    writeFileSync(path.join(dir, name), content);
  }
  return { host, dir };
}

export function removeProject({ dir }: Project): void {
  rmSync(dir, { recursive: true, force: true });
}

const jestBin = (host: Host): string => path.join(host.dir, 'node_modules', 'jest', 'bin', 'jest.js');
export const ourBin = (host: Host): string => path.join(host.dir, 'node_modules', 'jest-distributed', 'dist', 'cli.js');

function run(project: Project, args: readonly string[], extra: Readonly<Record<string, string>>): Finished {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...args], {
    cwd: project.dir,
    env: cleanEnvironment(extra),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  return { exitCode: status, stdout, stderr };
}

/** `npx jest …` */
export function runJest(
  project: Project,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Finished {
  return run(project, [jestBin(project.host), ...args], environment);
}

/** `npx jest-distributed …` */
export function runBin(
  project: Project,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Finished {
  return run(project, [ourBin(project.host), ...args], environment);
}

/** `npx jest-distributed …`, still running. */
export function startBin(
  project: Project,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  stdio: StdioOptions = ['ignore', 'pipe', 'pipe'],
): ChildProcess {
  return spawn(process.execPath, [ourBin(project.host), ...args], {
    ...{ cwd: project.dir, env: cleanEnvironment(environment), stdio },
  });
}

/** Paths of `--listTests`, relative to the project, POSIX, sorted. */
export function listedTests(project: Project, { stdout }: Finished): string[] {
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((file) => path.relative(project.dir, file).split(path.sep).join('/'))
    .sort();
}
