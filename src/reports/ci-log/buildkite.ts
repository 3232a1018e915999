import { buildkite } from '../../node/providers/buildkite';
import { escapeMarkdown, preformatted } from '../run-report/markdown';
import type { CiLog, CiProblem } from './ci-log';
import { inertLines, inertTitle } from './inert-line';

function problemText({ title, lines, command, place }: CiProblem): string {
  const where = place === null ? [] : [`at ${place.path}${place.line === null ? '' : `:${place.line}`}`];
  const body = inertLines([...lines, ...where]);
  return [
    `**${escapeMarkdown(inertTitle(title))}**`,
    ...(body === '' ? [] : [preformatted(body)]),
    ...(command === null ? [] : [preformatted(inertLines([command]))]),
  ].join('\n\n');
}

/**
 * An open group of the log, and an annotation on top of the build, which the agent's own program makes.
 * https://buildkite.com/docs/agent/cli/reference/annotate
 */
export const buildkiteLog: CiLog = {
  provider: buildkite,
  stream: 'stderr',
  frame: (lines, title) => [`+++ ${inertTitle(title)}`, ...lines],
  program: (problems) => {
    const style = problems.some(({ severity }) => severity === 'error') ? 'error' : 'warning';
    const topic = problems[0]?.topic ?? 'run';
    return {
      words: ['buildkite-agent', 'annotate', '--style', style, '--context', `jest-distributed-${topic}`],
      input: `${problems.map(problemText).join('\n\n')}\n`,
    };
  },
};
