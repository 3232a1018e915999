/** Where the dashboard listens. */
import { DistributedError } from '../../errors';
import { readInteger } from '../../options/number';
import type { Arguments } from '../command-line/command';

export const DEFAULT_PORT = 7357;

/** Shorter ones can be tried through. */
const SHORTEST_TOKEN = 16;

export interface ListenFlags {
  readonly port: number;
  readonly host: string;
  readonly token: string | undefined;
}

export const LISTEN_FLAGS = {
  port: { value: '<port>', describe: 'Port to listen on; 0: any that is free', default: String(DEFAULT_PORT) },
  host: {
    value: '<host>',
    describe: 'Address to listen on; others than this machine then need a token',
    default: '127.0.0.1',
  },
  token: { value: '<token>', describe: 'Who has it may read; default: a new one where --host is not this machine' },
} as const;

/** @throws DistributedError `DASHBOARD_PORT_INVALID`, `DASHBOARD_TOKEN_INVALID`. */
export function listenFlags({ port, host, token }: Arguments): ListenFlags {
  const number = readInteger(port, 0);
  if (number === undefined || number > 65_535) {
    throw new DistributedError({
      code: 'DASHBOARD_PORT_INVALID',
      message: `--port is ${JSON.stringify(port)}, but it must be a whole number from 0 to 65535.`,
      remedy: `Correct it, or remove it: the default is ${DEFAULT_PORT}.`,
    });
  }
  if (
    token !== undefined &&
    !(typeof token === 'string' && /^[\w.~-]+$/.test(token) && token.length >= SHORTEST_TOKEN)
  ) {
    throw new DistributedError({
      code: 'DASHBOARD_TOKEN_INVALID',
      message: `--token must have at least ${SHORTEST_TOKEN} characters, of letters, digits and - . _ ~ alone.`,
      remedy: 'Leave it out where --host is not this machine: then a new one is made and printed.',
    });
  }
  return { port: number, host: String(host), token };
}
