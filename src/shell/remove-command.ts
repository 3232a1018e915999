/** The command that removes files, for a remedy. */
import { commandText, type Shell, shellOf } from './quote';

/** At most this many in one command; whoever has more empties the folder. */
const SHOWN = 5;

/**
 * @param paths relative to the working directory, or absolute.
 * @param shell that reads it; by default that of this machine.
 */
export function removeCommand(paths: readonly string[], shell: Shell = shellOf(process.platform, process.env)): string {
  const shown = paths.slice(0, SHOWN);
  // What begins with a dash, or with the slash of cmd.exe, would be taken for a flag.
  return shell === 'cmd'
    ? commandText(['del', ...shown.map((file) => file.replaceAll('/', '\\'))], shell)
    : commandText(['rm', ...shown.map((file) => (file.startsWith('-') ? `./${file}` : file))], shell);
}
