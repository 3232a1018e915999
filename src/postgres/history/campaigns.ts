import { CAMPAIGN_SUFFIX } from '../../queue/pipeline';

/** Whether a pipeline is one of campaigns of `grind`: its results need not be opened to know it. */
export const isCampaign = (pipeline: string): string =>
  `right(${pipeline}, ${CAMPAIGN_SUFFIX.length}) = '${CAMPAIGN_SUFFIX}'`;

/** The pipeline of the campaigns over the files of another one, or of the same. */
export const campaignsOf = (pipeline: string): string =>
  `CASE WHEN ${isCampaign(pipeline)} THEN ${pipeline} ELSE ${pipeline} || '${CAMPAIGN_SUFFIX}' END`;
