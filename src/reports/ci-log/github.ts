import { github } from '../../node/providers/github';
import type { CiLog } from './ci-log';
import { inertLines, inertTitle } from './inert-line';

// As `@actions/core` escapes them.
const escapeData = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

const escapeProperty = (text: string): string => escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

/** https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands#setting-an-error-message */
export const githubLog: CiLog = {
  provider: github,
  stream: 'stderr',
  annotate: ({ severity, title, lines, command, place }) => {
    const properties = [
      ...(place === null ? [] : [`file=${escapeProperty(place.path)}`]),
      ...(place?.line == null ? [] : [`line=${place.line}`]),
      `title=${escapeProperty(inertTitle(title))}`,
    ];
    const text = inertLines([...lines, ...(command === null ? [] : [`Rerun: ${command}`])]);
    return `::${severity} ${properties.join(',')}::${escapeData(text)}`;
  },
};
