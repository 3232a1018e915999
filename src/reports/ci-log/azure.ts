import { azure } from '../../node/providers/azure';
import type { CiLog } from './ci-log';
import { inertLines, inertTitle } from './inert-line';

// As the agent decodes them: https://github.com/microsoft/azure-pipelines-agent, `CommandStringConvertor`.
const escapeData = (text: string): string =>
  text.replaceAll('%', '%AZP25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

const escapeProperty = (text: string): string => escapeData(text).replaceAll(']', '%5D').replaceAll(';', '%3B');

/** https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands#logissue-log-an-error-or-warning */
export const azureLog: CiLog = {
  provider: azure,
  stream: 'stderr',
  annotate: ({ severity, title, lines, command, place }) => {
    const properties = [
      `type=${severity}`,
      ...(place === null ? [] : [`sourcepath=${escapeProperty(place.path)}`]),
      ...(place?.line == null ? [] : [`linenumber=${place.line}`]),
    ];
    const text = inertLines([inertTitle(title), ...lines, ...(command === null ? [] : [`Rerun: ${command}`])]);
    return `##vso[task.logissue ${properties.join(';')}]${escapeData(text)}`;
  },
};
