/** The dashboard on a port. */
import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { DistributedError } from '../errors';
import type { DashboardData } from '../reports/dashboard/data';
import { createDashboardApp, type DashboardAssets } from './app';

export interface ServeOptions {
  /** 0: any that is free. */
  readonly port: number;
  readonly host: string;
  /** Undefined: none on loopback, a new one anywhere else. */
  readonly token?: string | undefined;
}

export interface ServedDashboard {
  /** To be opened in a browser; with the token, where one is demanded. */
  readonly address: string;
  readonly hasToken: boolean;
  readonly close: () => Promise<void>;
}

/** This machine alone, as a browser names it. */
const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

const isLoopback = (host: string): boolean => LOOPBACK.has(host === '::1' ? '[::1]' : host.toLowerCase());

/** Can be guessed by nobody. */
const newToken = (): string => randomBytes(24).toString('base64url');

function cannotListen({ host, port }: ServeOptions, cause: NodeJS.ErrnoException): DistributedError {
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: 'another process has that port',
    EACCES: 'this user may not use that port',
    EADDRNOTAVAIL: 'this machine has no such address',
    ENOTFOUND: 'there is no host of that name',
  };
  return new DistributedError({
    code: 'DASHBOARD_PORT_UNUSABLE',
    message: `The dashboard cannot listen on ${host}:${port}: ${reasons[cause.code ?? ''] ?? cause.message}.`,
    remedy: 'Give another --port (0 takes any that is free) or another --host.',
    cause,
  });
}

/** @throws DistributedError `DASHBOARD_PORT_UNUSABLE`. */
export async function serveDashboard(data: DashboardData, options: ServeOptions): Promise<ServedDashboard> {
  const { host } = options;
  const assets: DashboardAssets = await import('./assets.js');
  const token = options.token ?? (isLoopback(host) ? null : newToken());
  const hosts = isLoopback(host) ? LOOPBACK : null;
  const cookie = `jest_distributed_${randomBytes(4).toString('hex')}`;
  const app = createDashboardApp(data, assets, { hosts, token, cookie });
  const server = serve({ fetch: app.fetch, port: options.port, hostname: host });
  await new Promise<void>((resolve, reject) => {
    server.once('listening', () => resolve());
    server.once('error', (error: NodeJS.ErrnoException) => reject(cannotListen(options, error)));
  });
  const { port } = server.address() as AddressInfo;
  const name = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
  const shown = name === '0.0.0.0' || name === '[::]' ? 'localhost' : name;
  return {
    address: `http://${shown}:${port}/${token === null ? '' : `?token=${encodeURIComponent(token)}`}`,
    hasToken: token !== null,
    close: () =>
      new Promise((resolve) => {
        app.close();
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
}
