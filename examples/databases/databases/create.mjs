// workerSetup: this worker's own copy.
import { databaseOf, onServer, urlOf } from './server.mjs';

export default async function create(worker) {
  const name = databaseOf(worker);
  await onServer((server) => server.query(`CREATE DATABASE ${name} TEMPLATE ${worker.variables.DATABASE_TEMPLATE}`));
  return { DATABASE_URL: urlOf(name) };
}
