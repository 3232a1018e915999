/**
 * The other end of a run on a host: sent over ssh and run by the Node there, so that it always has the version of the
 * initiator. It keeps the copy of the checkout, starts the node and sends home what that writes, or makes probes, and ends
 * everything when the initiator is gone.
 *
 * stdout belongs to the calls.
 */
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, hostname } from 'node:os';
import path from 'node:path';
import { DistributedError } from '../../../errors';
import { readBuildDigest } from '../../../files/package-version';
import { signalGroup } from '../../../files/signal-group';
import type { ProbeResult } from '../../../flaky/probe';
import { variableName } from '../../../jest/channels/environment';
import { createProber, PROBE_PROCESS } from '../../flaky/prober';
import { type RunningNode, startNode } from '../../local/local-node';
import { stopNodes } from '../../local/stop-nodes';
import type {
  AgentCalls,
  AgentEvents,
  HostFacts,
  InCopy,
  Looked,
  LookRequest,
  OpenRequest,
  ProbeRequest,
  SocketEvents,
  StartRequest,
} from '../protocol';
import { openWire } from '../wire';
import { cleanCopies } from './clean-copies';
import { type CopyFolder, copiesFolder, freeBytes, openCopyFolder, refusalAt } from './copy-folder';
import { followFiles } from './follow-files';
import { install } from './install';
import { movePath } from './move-paths';
import { readWritten } from './read-written';
import { compareTree, readCopy, writeFiles } from './receive-tree';
import { relaySockets } from './relay-sockets';

const PACKAGE = 'jest-distributed';
const WATCH_MS = 500;
/** What a node gets to end by itself, with its teardowns, before this process ends too. */
const END_MS = 8_000;

let copy: CopyFolder | undefined;
/** The node, or the probe that is made. */
let running: RunningNode | undefined;
let closeRelay: (() => void) | undefined;
let installing: ChildProcess | undefined;
let isEnding = false;
let leaseMs = 60_000;
let heardAt = Date.now();

/** Every call shows that the initiator is there. */
const hear =
  <Request, Answer>(answer: (request: Request) => Answer) =>
  (request: Request): Answer => {
    heardAt = Date.now();
    return answer(request);
  };

const openCopy = (): CopyFolder => {
  if (copy === undefined) throw new Error('open comes first');
  return copy;
};

const hasProgram = (name: string): boolean =>
  (process.env.PATH ?? '').split(path.delimiter).some((folder) => folder !== '' && existsSync(path.join(folder, name)));

/** What the install, hooks and tests get. */
function setEnvironment({ path: folders, env }: Pick<OpenRequest, 'path' | 'env'>): void {
  Object.assign(process.env, env);
  if (folders.length > 0) process.env.PATH = [...folders, process.env.PATH ?? ''].filter(Boolean).join(path.delimiter);
}

const factsAt = (folder: string): Omit<HostFacts, 'folder'> => ({
  node: process.version,
  platform: process.platform,
  arch: process.arch,
  hostname: hostname(),
  cores: availableParallelism(),
  hasRsync: hasProgram('rsync'),
  nowMs: Date.now(),
  freeBytes: freeBytes(folder),
});

async function open(request: OpenRequest): Promise<HostFacts> {
  leaseMs = request.leaseMs;
  setEnvironment(request);
  copy = await openCopyFolder(request);
  return { ...factsAt(copy.path), folder: copy.path };
}

function look(request: LookRequest): Looked {
  setEnvironment(request);
  const directory = copiesFolder(request.directory);
  return {
    ...factsAt(directory),
    directory,
    path: process.env.PATH ?? '',
    refusal: refusalAt(directory),
    missing: request.programs.filter((program) => !hasProgram(program)),
  };
}

/** What the copy's own package has been compiled to: sequencer, reporter and runner come from it too. */
function findDist(folder: string, { target, version, build }: InCopy): string {
  const from = createRequire(path.join(folder, 'package.json'));
  let manifest: string;
  try {
    manifest = from.resolve(`${PACKAGE}/package.json`);
  } catch {
    throw new DistributedError({
      code: 'HOST_PACKAGE_MISSING',
      message: `${PACKAGE} is not installed in the copy on ${target} (${folder}).`,
      remedy: `Add it to the package.json of the project, so that the install there brings it: npm install --save-dev ${PACKAGE}@${version}`,
    });
  }
  const { version: found } = JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version: string };
  if (found !== version) {
    throw new DistributedError({
      code: 'HOST_PACKAGE_DIFFERS',
      message: `The copy on ${target} has ${PACKAGE} ${found}, and this machine ${version}.`,
      remedy: 'Install here what the lock file says, or update the lock file, and run again.',
    });
  }
  const dist = path.join(path.dirname(manifest), 'dist');
  if (readBuildDigest(dist) !== build) {
    throw new DistributedError({
      code: 'HOST_PACKAGE_DIFFERS',
      message: `The copy on ${target} has another build of ${PACKAGE} ${version} than this machine.`,
      remedy:
        'Install here what the lock file says, or update the lock file. Where both are right, let the copies be made anew: npx jest-distributed hosts clean',
    });
  }
  return dist;
}

const moveAll = (variables: Readonly<Record<string, string>>, move: (word: string) => string): Record<string, string> =>
  Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, move(value)]));

async function start(request: StartRequest): Promise<void> {
  const { top, node, nodes, plan, variables } = request;
  const { tree, run } = openCopy();
  const move = (word: string) => movePath(word, top, tree);
  const cwd = path.join(tree, request.folder);
  const bin = path.join(findDist(cwd, request), 'cli.js');
  const written = path.join(run, 'written');
  mkdirSync(written, { recursive: true });
  const planPath = path.join(run, 'plan.json');
  writeFileSync(planPath, plan);
  const relay = await relaySockets(run, wire);
  closeRelay = relay.close;
  const follower = followFiles(written, {
    bytes: (file, name, data) => wire.send('bytes', { file, name, data }),
    renamed: (file, name) => wire.send('renamed', { file, name }),
  });
  const started = startNode({
    ...{ node, nodes, planPath, flags: request.flags.map(move), jestArgs: request.jestArgs.map(move) },
    elsewhere: { bin, cwd },
    reportDir: path.join(written, 'report'),
    log: path.join(written, 'node.log'),
    variables: { ...moveAll(variables, move), [variableName('QUEUE_SOCKET')]: relay.socketPath },
    onProgress: (event) => void wire.send('progress', { event }),
  });
  running = started;
  const report = async () => {
    const { exitCode, signal } = await started.exit;
    running = undefined;
    await follower.finish();
    relay.close();
    await wire.send('ended', { exitCode, signal });
  };
  report().catch((error: unknown) => fail(error));
}

/** Errors name files as they are in the checkout, so that those of one test are the same on all hosts. */
function atHome(result: ProbeResult, tree: string, top: string): ProbeResult {
  const text = (given: string | null) => given?.replaceAll(realpathSync(tree), top).replaceAll(tree, top) ?? null;
  return {
    ...result,
    sights: result.sights.map((sight) => ({ ...sight, error: text(sight.error) })),
    fault: text(result.fault),
  };
}

async function probe(request: ProbeRequest): Promise<ProbeResult> {
  const { top, spec, jestArgs, variables } = request;
  const { tree } = openCopy();
  const move = (word: string) => movePath(word, top, tree);
  const cwd = path.join(tree, request.folder);
  const prober = createProber(jestArgs.map(move), {
    cwd,
    program: [path.join(findDist(cwd, request), PROBE_PROCESS)],
    locate: (file) => path.resolve(cwd, move(file)),
    settings: moveAll(variables, move),
  });
  const made = prober.probe(spec);
  const ended = () => ({ exitCode: null, signal: null });
  running = { signal: prober.stop, exit: made.then(ended, ended) };
  try {
    return atHome(await made, tree, top);
  } finally {
    running = undefined;
    prober.close();
  }
}

function fail(error: unknown): void {
  process.stderr.write(`${(error as Error)?.stack ?? String(error)}\n`);
  void end('SIGTERM');
}

/** Ends what runs here, and then this process. */
async function end(signal: NodeJS.Signals): Promise<void> {
  if (isEnding) return;
  isEnding = true;
  signalGroup(installing?.pid, 'SIGKILL');
  setTimeout(() => process.exit(1), END_MS);
  if (running !== undefined) {
    stopNodes([running], signal);
    await running.exit.catch(() => undefined);
  }
  closeRelay?.();
  copy?.release();
  process.exit(0);
}

const wire = openWire<object, AgentEvents & SocketEvents, SocketEvents, AgentCalls>(process.stdin, process.stdout, {
  look: hear(look),
  clean: hear(cleanCopies),
  open: hear(open),
  digest: hear(() => ({ digest: readCopy(openCopy()).digest })),
  compare: hear(({ files }) => ({ wanted: compareTree(openCopy(), files) })),
  write: hear(({ files }) => {
    writeFiles(openCopy(), files);
    return {};
  }),
  install: hear(async (request) => {
    try {
      return await install(openCopy(), request, (child) => {
        installing = child;
      });
    } finally {
      installing = undefined;
    }
  }),
  start: hear(async (request) => {
    await start(request);
    return {};
  }),
  findPackage: hear((request) => {
    findDist(path.join(openCopy().tree, request.folder), request);
    return {};
  }),
  probe: hear(probe),
  written: hear(({ others }) => ({ files: readWritten(openCopy(), others) })),
  read: hear(({ paths }) => ({ data: paths.map((name) => readFileSync(path.join(openCopy().tree, name), 'base64')) })),
  stop: hear(({ signal }) => {
    running?.signal(signal);
    return {};
  }),
  ping: hear(() => ({})),
  close: hear(() => {
    setImmediate(() => void end('SIGTERM'));
    return {};
  }),
});

wire.onClose(() => void end('SIGTERM'));
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void end('SIGTERM'));
process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);
// A connection that was cut somewhere on its way looks as if nobody spoke; so does a suspended machine, once it goes on.
setInterval(() => {
  if (Date.now() - heardAt > leaseMs) void end('SIGTERM');
}, WATCH_MS);
wire.listen();
