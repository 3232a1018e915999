import { DistributedError } from '../../errors';
import { stderrTerminal, stdoutTerminal } from '../../files/standard-terminals';
import { readDecimal } from '../../options/number';
import { createHistory } from '../../postgres/history';
import { grantRole, type RoleUse } from '../../postgres/schema/grants';
import { checkSchema, migrate as migrateSchema, schemaStatus } from '../../postgres/schema/migrate';
import { neededScript, wholeScript } from '../../postgres/schema/migrate-script';
import { databaseStatus } from '../../postgres/status';
import { databaseStatusLines } from '../../reports/history/database-status-lines';
import { countOf, formatDuration } from '../../reports/terminal/format';
import type { Arguments, Command } from '../command-line/command';
import { DATABASE_OPTIONS, databaseOptions, printLine, withDatabase } from '../database/database-session';

/** Indexes on years of history take their time. */
const LONG_MS = 600_000;

async function migrate(argv: Arguments): Promise<void> {
  const options = await databaseOptions(argv);
  const role = readRole(argv.role);
  const use: RoleUse = argv.readOnly === true ? 'reader' : 'node';
  if (argv.print) {
    const { sql, note } =
      options.databaseUrl === undefined
        ? wholeScript(options.databaseSchema.value, role, use)
        : await withDatabase(options, { currentSchema: false }, ({ client, schema }) =>
            neededScript(client, schema, role, use),
          );
    process.stdout.write(sql);
    printLine(note);
    return;
  }
  await withDatabase(options, { currentSchema: false, queryTimeoutMs: LONG_MS }, async ({ client, schema }) => {
    const { version, latest } = await schemaStatus(client, schema);
    if (version < latest)
      printLine(`migrating schema ${schema} of ${client.address} from version ${version} to ${latest}`);
    const startMs = performance.now();
    const ran = await migrateSchema(client, schema);
    printLine(
      ran > 0
        ? `migrated in ${formatDuration(performance.now() - startMs)}`
        : `schema ${schema} of ${client.address} has version ${latest}: nothing to migrate`,
    );
    if (role === undefined) return;
    await grantRole(client, schema, role, use);
    printLine(`${role} may ${use === 'reader' ? 'watch runs and read the history of' : 'use'} schema ${schema}`);
  });
}

function readRole(given: unknown): string | undefined {
  if (given === undefined) return undefined;
  if (typeof given === 'string' && given !== '' && !given.includes('\0')) return given;
  throw new DistributedError({
    code: 'ROLE_INVALID',
    message: `${JSON.stringify(given)} is not one role (from --role).`,
    remedy: 'Name the role that the nodes log in with, once.',
  });
}

async function status(argv: Arguments): Promise<void> {
  await withDatabase(
    await databaseOptions(argv),
    { currentSchema: false, isQuestion: true },
    async ({ client, schema }) => {
      const found = await databaseStatus(client, schema);
      const lines = argv.json
        ? [JSON.stringify(found, null, 2)]
        : databaseStatusLines(found, stdoutTerminal(), Date.now());
      process.stdout.write(`${lines.join('\n')}\n`);
      // An old, new or missing schema is an error with its remedy, and exit code 1.
      await checkSchema(client, schema);
    },
  );
}

async function prune(argv: Arguments): Promise<void> {
  const days = readDecimal(argv.days);
  if (days === undefined) {
    throw new DistributedError({
      code: 'PRUNE_AGE_INVALID',
      message: `${JSON.stringify(argv.days)} is not an age in days (from --days).`,
      remedy: 'Give a number that is 0 or more: npx jest-distributed db prune --days 90',
    });
  }
  await withDatabase(await databaseOptions(argv), { isQuestion: true }, async ({ client, schema }) => {
    const isInteractive = stderrTerminal().interactive;
    const pruned = await createHistory(client, schema).prune(days, ({ runs, executions }) => {
      // A log needs no line a second; a person needs a sign of life.
      if (isInteractive)
        process.stderr.write(`\r${countOf(runs, 'run')} with ${countOf(executions, 'execution')} deleted so far`);
    });
    if (isInteractive) process.stderr.write('\r\u001b[K');
    if (pruned.runs === 0) {
      printLine(`no run of schema ${schema} is older than ${countOf(days, 'day')}: nothing to delete`);
      return;
    }
    printLine(
      `${countOf(pruned.runs, 'run')} with ${countOf(pruned.executions, 'execution')} deleted, and ${countOf(pruned.files, 'file')} that no other run has`,
    );
  });
}

const done = (work: (argv: Arguments) => Promise<void>) => async (argv: Arguments) => {
  await work(argv);
  return 0;
};

/** `db migrate|status|prune`. */
export const dbCommands: readonly Command[] = [
  {
    name: 'db migrate',
    describe: 'Create or update the schema, or print the SQL for it',
    flags: {
      print: { value: null, describe: 'Print the SQL, and change nothing' },
      role: { value: '<role>', describe: 'Grant this role the rights of a node' },
      'read-only': { value: null, needs: 'role', describe: 'Grant it only what watch, dashboard and history need' },
    },
    options: DATABASE_OPTIONS,
    examples: [
      ['db migrate --print --role ci', 'all the SQL, without a database'],
      ['db migrate --role viewer --read-only', 'a role for the dashboard'],
    ],
    execute: done(migrate),
  },
  {
    name: 'db status',
    describe: 'Version, tables and age of the recorded runs',
    flags: { json: { value: null, describe: 'Print it as JSON' } },
    options: DATABASE_OPTIONS,
    examples: [['db status', 'whether the schema exists, and how large it is']],
    execute: done(status),
  },
  {
    name: 'db prune',
    describe: 'Delete old runs',
    flags: { days: { value: '<days>', isRequired: true, describe: 'Delete runs older than so many days' } },
    options: DATABASE_OPTIONS,
    examples: [['db prune --days 90', 'once a week, from a scheduled job']],
    execute: done(prune),
  },
];
