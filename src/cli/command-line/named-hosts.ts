/** Whether hosts are named for a command: what a config file says of hosts is about those that are. */
import { optionRow } from '../../options/table';
import type { Arguments } from './command';

export const namesHosts = (argv: Arguments): boolean =>
  argv.hosts !== undefined || process.env[optionRow('hosts').variable] !== undefined;
