/**
 * A queue of ci-queue's kind (https://github.com/Shopify/ci-queue) in Redis, as the reference for claims a second: a
 * list of files, a sorted set of what runs with its time, a set of what is done, each step one Lua script. It keeps no
 * history, no durations and no verdicts.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import Redis from 'ioredis';

const CLAIM = `
local got = {}
for i = 1, tonumber(ARGV[2]) do
  local file = redis.call('LPOP', KEYS[1])
  if not file then break end
  redis.call('ZADD', KEYS[2], ARGV[1], file)
  got[#got + 1] = file
end
return got`;

const SETTLE = `
for _, file in ipairs(ARGV) do
  if redis.call('ZREM', KEYS[1], file) == 1 then redis.call('SADD', KEYS[2], file) end
end`;

export interface RedisServer {
  readonly port: number;
  readonly close: () => Promise<void>;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

/** Undefined where no Redis is installed (Debian: `apt-get install redis-server`). */
export async function startRedis(): Promise<RedisServer | undefined> {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  const port = await freePort();
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const child: ChildProcess = spawn('redis-server', options, { stdio: 'ignore' });
  const closed = new Promise<void>((resolve) => child.on('close', () => resolve()));
  return {
    port,
    close: async () => {
      child.kill();
      await closed;
    },
  };
}

export interface RedisQueue {
  readonly claim: (count: number) => Promise<readonly string[]>;
  readonly settle: (files: readonly string[]) => Promise<void>;
  readonly close: () => void;
}

/** A claimer with a connection of its own. */
export function openRedisQueue({ port }: RedisServer, build: string): RedisQueue {
  const redis = new Redis({ port, host: '127.0.0.1' });
  redis.defineCommand('claimFiles', { numberOfKeys: 2, lua: CLAIM });
  redis.defineCommand('settleFiles', { numberOfKeys: 2, lua: SETTLE });
  const scripts = redis as unknown as {
    claimFiles(queue: string, running: string, now: number, count: number): Promise<string[]>;
    settleFiles(running: string, done: string, ...files: readonly string[]): Promise<null>;
  };
  return {
    claim: (count) => scripts.claimFiles(`${build}:queue`, `${build}:running`, Date.now(), count),
    settle: async (files) => {
      await scripts.settleFiles(`${build}:running`, `${build}:done`, ...files);
    },
    close: () => redis.disconnect(),
  };
}

/** @param files longest first. */
export async function fillRedis({ port }: RedisServer, build: string, files: readonly string[]): Promise<void> {
  const redis = new Redis({ port, host: '127.0.0.1' });
  for (let from = 0; from < files.length; from += 10_000) {
    await redis.rpush(`${build}:queue`, ...files.slice(from, from + 10_000));
  }
  redis.disconnect();
}
