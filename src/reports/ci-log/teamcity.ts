import { teamcity } from '../../node/providers/run-names';
import type { CiLog } from './ci-log';
import { inertLines, inertTitle } from './inert-line';

const ESCAPED: Readonly<Record<string, string>> = { '\n': '|n', '\r': '|r' };

/** https://www.jetbrains.com/help/teamcity/service-messages.html#Escaped+Values */
const escapeValue = (text: string): string =>
  text.replace(
    /[|'[\]\n\r]|[^\0-\x7f]/g,
    (character) =>
      ESCAPED[character] ??
      (character > '\x7f' ? `|0x${character.charCodeAt(0).toString(16).padStart(4, '0')}` : `|${character}`),
  );

/** Service messages count on standard output alone. A message of status ERROR is in the build's list of important ones. */
export const teamcityLog: CiLog = {
  provider: teamcity,
  stream: 'stdout',
  annotate: ({ severity, title, lines, command, place }) => {
    const where = place === null ? [] : [`at ${place.path}${place.line === null ? '' : `:${place.line}`}`];
    const details = inertLines([...lines, ...where, ...(command === null ? [] : [`Rerun: ${command}`])]);
    const status = severity === 'error' ? 'ERROR' : 'WARNING';
    const errorDetails = severity === 'error' ? ` errorDetails='${escapeValue(details)}'` : '';
    const text = severity === 'error' ? inertTitle(title) : [inertTitle(title), details].filter(Boolean).join('\n');
    return `##teamcity[message text='${escapeValue(text)}'${errorDetails} status='${status}']`;
  },
};
