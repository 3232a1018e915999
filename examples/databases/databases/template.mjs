// nodeSetup: a database with all migrations, made once for each server and each content of the migrations, of which every
// worker gets a copy. Nodes that start at once wait for the one that makes it; later runs find it.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { connected, onServer, urlOf } from './server.mjs';

const folder = new URL('../migrations/', import.meta.url);

export default async function template() {
  const migrations = readdirSync(folder)
    .sort()
    .map((file) => readFileSync(new URL(file, folder), 'utf8'));
  const hash = createHash('sha256').update(JSON.stringify(migrations)).digest('hex').slice(0, 16);
  const name = `shop_template_${hash}`;
  await onServer(async (server) => {
    // Given back when the connection ends, whatever becomes of this process.
    await server.query('SELECT pg_advisory_lock(hashtext($1))', [name]);
    const { rows } = await server.query('SELECT datistemplate FROM pg_database WHERE datname = $1', [name]);
    if (rows[0]?.datistemplate === true) return;
    // One that a killed process left half done.
    await server.query(`DROP DATABASE IF EXISTS ${name}`);
    await server.query(`CREATE DATABASE ${name}`);
    await connected(urlOf(name), async (database) => {
      for (const migration of migrations) await database.query(migration);
    });
    await server.query(`ALTER DATABASE ${name} IS_TEMPLATE true`);
  });
  return { DATABASE_TEMPLATE: name };
}
