/** What the standard streams of this process can show. */
import { detectTerminal, type Terminal } from '../reports/terminal/terminal';

export const stdoutTerminal = (): Terminal => detectTerminal(process.stdout, process.env);

export const stderrTerminal = (): Terminal => detectTerminal(process.stderr, process.env);
