/**
 * Runs a process and tells what it cost, its children included.
 *
 * CPU time is that of `times`/`getrusage` over all descendants that were waited for, which Node cannot ask for itself:
 * bash's `time` can. Jest waits for its workers, and Node for the git it started.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

// Whatever makes Jest, a terminal library or this package behave as on somebody's machine.
const LEAKS =
  /^(JEST_|JDIST_|NODE_OPTIONS|NODE_ENV|NO_COLOR|FORCE_COLOR|CI$|CI_|GITHUB_|GITLAB_|CIRCLE|BUILDKITE|SEMAPHORE|BITBUCKET|HEROKU|TEST_SHARD|TEST_TOTAL|TF_BUILD|SYSTEM_|BUILD_|AI_AGENT|AUGMENT_AGENT|CLAUDE|CODEX|CURSOR_AGENT|GEMINI_CLI|GOOSE_PROVIDER|OPENCODE|REPL_ID)/;

const cleanEnvironment = () => Object.fromEntries(Object.entries(process.env).filter(([name]) => !LEAKS.test(name)));

const SCRIPT = 'exec 3>"$0"; TIMEFORMAT="%3R %3U %3S"; { time "$@" 2>&4 3>&- 4>&- ; } 4>&2 2>&3';

/**
 * @param {string} cwd
 * @param {readonly string[]} args of node
 * @param {Record<string, string>} environment added to a clean one
 * @returns {Promise<{ wallMs: number, cpuMs: number, exitCode: number, stdout: string, stderr: string }>}
 */
export async function measureNode(cwd, args, environment = {}) {
  const folder = mkdtempSync(path.join(tmpdir(), 'measured-'));
  const report = path.join(folder, 'times');
  try {
    const child = spawn('bash', ['-c', SCRIPT, report, process.execPath, ...args], {
      cwd,
      // Jest reads CI for itself: no writing of snapshots, no progress lines that are redrawn.
      env: { ...cleanEnvironment(), LC_ALL: 'C', CI: 'true', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk) => {
      stderr += chunk;
    });
    const exitCode = await new Promise((resolve, reject) => {
      child.on('error', reject).on('close', resolve);
    });
    const [real, user, sys] = readFileSync(report, 'utf8').trim().split('\n').at(-1).split(' ').map(Number);
    return { wallMs: real * 1000, cpuMs: (user + sys) * 1000, exitCode, stdout, stderr };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The same, and an error where it did not exit with 0. */
export async function measurePassing(cwd, args, environment) {
  const measured = await measureNode(cwd, args, environment);
  if (measured.exitCode !== 0) {
    throw new Error(
      `node ${args.join(' ')} in ${cwd} exited with ${measured.exitCode}:\n${measured.stderr.slice(-4000)}`,
    );
  }
  return measured;
}
