import { azureLog } from './azure';
import { buildkiteLog } from './buildkite';
import type { CiLog } from './ci-log';
import { githubLog } from './github';
import { gitlabLog } from './gitlab';
import { teamcityLog } from './teamcity';

const logs: readonly CiLog[] = [githubLog, gitlabLog, azureLog, buildkiteLog, teamcityLog];

/** @param provider its name, or null outside a CI. Null where a CI can show no more than lines. */
export const findCiLog = (provider: string | null): CiLog | null =>
  logs.find((log) => log.provider.name === provider) ?? null;
