/** `quarantine add`, `list`, `check` and `remove`: the file of tests whose failure does not decide. */
import type { Flags } from '../../options/flags';
import type { Command } from '../command-line/command';
import { DATABASE_OPTIONS } from '../database/database-session';
import { add, DEFAULT_DAYS, remove } from '../quarantine/change-quarantine';
import { check, list } from '../quarantine/show-quarantine';

const TIMINGS: Flags = {
  timings: { value: '<file>', describe: 'The timings file; what is recorded of the quarantine lies beside it' },
};

const TEST_FLAGS: Flags = {
  test: { value: '<name>', describe: 'Full name of the test', isRequired: true },
  project: { value: '<name>', describe: 'Project of the Jest config, where several have the file' },
};

const FILE = { name: 'file', isRequired: true, describe: 'the test file' } as const;

export const quarantineCommands: readonly Command[] = [
  {
    name: 'quarantine add',
    describe: 'Let the failure of a flaky test not decide, until a day',
    positional: FILE,
    flags: {
      ...TEST_FLAGS,
      owner: { value: '<name>', describe: 'Who corrects it', isRequired: true },
      reason: { value: '<text>', describe: 'What is known of it', isRequired: true },
      issue: { value: '<address>', describe: 'Where it is worked on' },
      until: { value: '<day>', describe: 'Last day, as 2026-12-10', excludes: 'days' },
      days: { value: '<number>', describe: 'Or how long', defaultText: String(DEFAULT_DAYS) },
    },
    examples: [['quarantine add a.test.js --test x --owner me --reason TZ', 'for two weeks']],
    execute: add,
  },
  {
    name: 'quarantine list',
    describe: 'Show what is in quarantine, until when, and how it does',
    flags: { json: { value: null, describe: 'For programs' }, ...TIMINGS },
    examples: [['quarantine list', 'with owner, reason and record']],
    options: DATABASE_OPTIONS,
    execute: list,
  },
  {
    name: 'quarantine check',
    describe: 'Fail where an entry is expired, broken, wrong or about a file that is gone',
    flags: TIMINGS,
    examples: [['quarantine check', 'as a step of its own in the CI']],
    options: DATABASE_OPTIONS,
    execute: check,
  },
  {
    name: 'quarantine remove',
    describe: 'Take a test out of quarantine',
    positional: FILE,
    flags: TEST_FLAGS,
    examples: [['quarantine remove src/cart.test.js --test "cart adds"', 'its failure decides again']],
    execute: remove,
  },
];
