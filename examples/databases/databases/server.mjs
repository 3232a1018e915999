// The server that all workers share, as a user who may make databases.
import pg from 'pg';

const SERVER_URL = process.env.SERVER_URL ?? 'postgres://postgres:shop@127.0.0.1:5432/postgres';

/** The URL of another database of the server. */
export function urlOf(database) {
  const url = new URL(SERVER_URL);
  url.pathname = `/${database}`;
  return url.href;
}

/** Connects for as long as `work` takes. */
export async function connected(url, work) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

export const onServer = (work) => connected(SERVER_URL, work);

/** Letter first: the id of a run may begin with a digit. */
export const databaseOf = ({ run, name }) => `test_${run}_${name}`;
