// workerTeardown: also runs after a set-up that was cut off, so there may be nothing to drop.
import { databaseOf, onServer } from './server.mjs';

export default async function drop(worker) {
  await onServer((server) => server.query(`DROP DATABASE IF EXISTS ${databaseOf(worker)} WITH (FORCE)`));
}
