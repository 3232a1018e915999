/** All commands, in the order of the help. */
import type { Command } from './command-line/command';
import { bisectCommand } from './commands/bisect';
import { cancelCommand } from './commands/cancel';
import { dashboardCommand } from './commands/dashboard';
import { dbCommands } from './commands/db';
import { explainCommand } from './commands/explain';
import { flakyCommand } from './commands/flaky';
import { grindCommand } from './commands/grind';
import { historyCommand } from './commands/history';
import { hostsCommands } from './commands/hosts';
import { mergeCommand } from './commands/merge';
import { planCommand } from './commands/plan';
import { quarantineCommands } from './commands/quarantine';
import { runCommand } from './commands/run';
import { slowCommand } from './commands/slow';
import { timingsCommands } from './commands/timings';
import { verifyCommand } from './commands/verify';
import { watchCommand } from './commands/watch';

export const COMMAND_GROUPS: readonly (readonly [title: string, commands: readonly Command[]])[] = [
  ['A run', [runCommand, mergeCommand, verifyCommand, ...hostsCommands]],
  ['The plan', [planCommand, explainCommand, ...timingsCommands]],
  ['Flaky tests', [grindCommand, bisectCommand, ...quarantineCommands]],
  [
    'The queue',
    [watchCommand, dashboardCommand, ...dbCommands, historyCommand, flakyCommand, slowCommand, cancelCommand],
  ],
];

export const COMMANDS: readonly Command[] = COMMAND_GROUPS.flatMap(([, commands]) => commands);
