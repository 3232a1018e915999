/** What is tested: runs, durations and history of a queue belong to a pipeline. */

export interface PipelineInit {
  /** `name` in the package.json at Jest's root, or null where there is none. */
  readonly packageName: string | null;
  /** Tells several Jest runs of one CI run apart. */
  readonly label?: string | null | undefined;
}

/** The pipeline of a project that has no name. */
const DEFAULT_PIPELINE = 'default';

/**
 * The name of a pipeline, equal on all nodes. A name of npm holds neither blanks nor parentheses, so no two can meet.
 *
 * @example pipelineName({ packageName: '@shop/web', label: 'unit' }) // '@shop/web (unit)'
 */
export function pipelineName({ packageName, label }: PipelineInit): string {
  const name = packageName || DEFAULT_PIPELINE;
  return label ? `${name} (${label})` : name;
}
