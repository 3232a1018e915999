/** The table of sslmode in docs/guides/queue-database.md, on a server whose certificate nobody knows. */
import { execFileSync } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createPgClient } from '../../src/postgres/client/pg-client';
import { startPostgres, TEST_DATABASE_VARIABLE, type TestPostgres } from '../support/postgres';

const quickRetry = { totalMs: 300, firstPauseMs: 20, longestPauseMs: 50 };
let server: TestPostgres;
let folder: string;
let ca: string;

async function ask(query: string, host?: string): Promise<boolean> {
  const url = new URL(server.url);
  if (host !== undefined) url.hostname = host;
  const client = createPgClient({ url: `${url.href}?${query}`, source: 'the test', retry: quickRetry });
  try {
    const [row] = await client.query('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()');
    return row?.ssl === true;
  } finally {
    await client.close();
  }
}

// A server that somebody else runs has the certificate that it has.
const onOwnServer = process.env[TEST_DATABASE_VARIABLE] ? describe.skip : describe;

onOwnServer('TLS', () => {
  beforeAll(async () => {
    server = await startPostgres();
    const admin = createPgClient({ url: server.url, source: 'the test' });
    const [row] = await admin.query('SHOW data_directory');
    const data = String(row?.data_directory);
    folder = mkdtempSync(path.join(tmpdir(), 'jd-tls-'));
    ca = path.join(folder, 'ca.pem');
    const key = path.join(data, 'server.key');
    const certificate = path.join(data, 'server.crt');
    const subject = ['-subj', '/CN=test', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '2'];
    const make = ['req', '-x509', '-nodes', '-newkey', 'rsa:2048', ...subject, '-keyout', key, '-out', certificate];
    execFileSync('openssl', make, { stdio: 'ignore' });
    execFileSync('openssl', ['x509', '-in', certificate, '-out', ca]);
    const { uid, gid } = statSync(data);
    for (const file of [key, certificate]) chownSync(file, uid, gid);
    await admin.query('ALTER SYSTEM SET ssl = on');
    await admin.close();
    await server.restart?.();
  }, 60_000);
  afterAll(async () => {
    await server?.close();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  test('is off where nothing asks for it', async () => {
    expect(await ask('')).toBe(false);
    expect(await ask('sslmode=disable')).toBe(false);
  });

  test('checks the certificate, and by prefer, require and verify-ca too', async () => {
    for (const mode of ['verify-full', 'prefer', 'require', 'verify-ca']) {
      await expect(ask(`sslmode=${mode}`)).rejects.toMatchObject({
        code: 'DATABASE_TLS_FAILED',
        message: expect.stringMatching(
          /No encrypted connection to the database could be made\. .*self-signed certificate/,
        ),
        remedy: expect.stringContaining('verify-full with sslrootcert=/path/of/ca.pem'),
      });
      expect(await ask(`sslmode=${mode}&sslrootcert=${ca}`)).toBe(true);
    }
  });

  test('checks the name of the host', async () => {
    await expect(ask(`sslmode=verify-full&sslrootcert=${ca}`, 'localhost')).rejects.toMatchObject({
      code: 'DATABASE_TLS_FAILED',
      message: expect.stringContaining("does not match certificate's altnames"),
    });
  });

  test('takes any certificate by no-verify, and by require as libpq means it', async () => {
    expect(await ask('sslmode=no-verify')).toBe(true);
    expect(await ask('uselibpqcompat=true&sslmode=require')).toBe(true);
  });
});
