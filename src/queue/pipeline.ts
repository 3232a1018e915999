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

/** What the pipeline of a project's campaigns has behind its name. */
export const CAMPAIGN_SUFFIX = ': grind';

/**
 * The pipeline of the campaigns of `grind` over a pipeline's files: what a test does there says nothing of durations and
 * outcomes of the suite.
 *
 * @example campaignPipeline('@shop/web (unit)') // '@shop/web (unit): grind'
 */
export const campaignPipeline = (pipeline: string): string => `${pipeline}${CAMPAIGN_SUFFIX}`;

export const isCampaignPipeline = (pipeline: string): boolean => pipeline.endsWith(CAMPAIGN_SUFFIX);
