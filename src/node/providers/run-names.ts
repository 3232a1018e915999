import type { Provider } from './provider';

/** A provider of which we know only how it names a run. */
function named(
  facts: Pick<Provider, 'name' | 'detectVariable' | 'runIdVariables'> & Partial<Omit<Provider, 'node'>>,
): Provider {
  return { node: null, attempt: null, jobIdVariable: null, ...facts };
}

// https://www.jetbrains.com/help/teamcity/predefined-build-parameters.html
// The number is the build configuration's own; a chain can hand one number to all its builds.
export const teamcity: Provider = named({
  name: 'TeamCity',
  detectVariable: 'TEAMCITY_VERSION',
  runIdVariables: [['TEAMCITY_PROJECT_NAME', 'BUILD_NUMBER'], ['BUILD_NUMBER']],
});

/**
 * Providers without variables for a job's place among its parallel copies.
 *
 * Names and variables are those of ci-info. Of its table are left out: those that build sites and apps in one
 * job, and those that have no id that all jobs of a run share.
 */
export const runNames: readonly Provider[] = [
  // https://www.jenkins.io/doc/book/pipeline/jenkinsfile/#using-environment-variables
  // A pipeline inside a container may have been given no more than the number.
  named({
    name: 'Jenkins',
    detectVariable: 'JENKINS_URL',
    runPageVariable: 'BUILD_URL',
    runIdVariables: [['BUILD_TAG'], ['JOB_NAME', 'BUILD_NUMBER'], ['BUILD_NUMBER']],
  }),
  named({
    name: 'Hudson',
    detectVariable: 'HUDSON_URL',
    runIdVariables: [['BUILD_TAG'], ['JOB_NAME', 'BUILD_NUMBER'], ['BUILD_NUMBER']],
  }),
  teamcity,
  // https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-env-vars.html
  // Each build of a batch has an id of its own; CODEBUILD_BATCH_BUILD_IDENTIFIER is the build's name in the buildspec,
  // CODEBUILD_INITIATOR and CODEBUILD_WEBHOOK_… are equal in later batches too, and no variable holds the batch's id.
  named({
    name: 'AWS CodeBuild',
    detectVariable: 'CODEBUILD_BUILD_ARN',
    runIdVariables: [['CODEBUILD_BUILD_ID']],
    severalBuildsVariable: 'CODEBUILD_BATCH_BUILD_IDENTIFIER',
  }),
  // https://developer.harness.io/docs/continuous-integration/troubleshoot-ci/ci-env-var
  // Before Drone, whose variables it sets too, but not in stages without a checkout.
  named({
    name: 'Harness CI',
    detectVariable: 'HARNESS_BUILD_ID',
    runIdVariables: [['HARNESS_PIPELINE_ID', 'HARNESS_BUILD_ID']],
  }),
  // https://docs.drone.io/pipeline/environment/reference/
  named({
    name: 'Drone',
    detectVariable: 'DRONE',
    runPageVariable: 'DRONE_BUILD_LINK',
    runIdVariables: [['DRONE_REPO', 'DRONE_BUILD_NUMBER']],
  }),
  // https://woodpecker-ci.org/docs/usage/environment
  named({
    name: 'Woodpecker',
    detectVariable: 'CI',
    detectValue: 'woodpecker',
    runIdVariables: [
      ['CI_REPO', 'CI_PIPELINE_NUMBER'],
      ['CI_REPO', 'CI_BUILD_NUMBER'],
    ],
  }),
  // https://docs.travis-ci.com/user/environment-variables/
  named({
    name: 'Travis CI',
    detectVariable: 'TRAVIS',
    runPageVariable: 'TRAVIS_BUILD_WEB_URL',
    runIdVariables: [['TRAVIS_BUILD_ID']],
    jobIdVariable: 'TRAVIS_JOB_ID',
  }),
  // https://www.appveyor.com/docs/environment-variables/
  named({
    name: 'AppVeyor',
    detectVariable: 'APPVEYOR',
    runIdVariables: [['APPVEYOR_BUILD_ID']],
    jobIdVariable: 'APPVEYOR_JOB_ID',
  }),
  // https://codefresh.io/docs/docs/pipelines/variables/
  named({ name: 'Codefresh', detectVariable: 'CF_BUILD_ID', runIdVariables: [['CF_BUILD_ID']] }),
  // https://cirrus-ci.org/guide/writing-tasks/#environment-variables
  // CI_NODE_INDEX counts all tasks there, whatever they do.
  named({
    name: 'Cirrus CI',
    detectVariable: 'CIRRUS_CI',
    runPage: { id: /^\d+$/, address: (id) => `https://cirrus-ci.com/build/${id}` },
    runIdVariables: [['CIRRUS_BUILD_ID']],
    jobIdVariable: 'CIRRUS_TASK_ID',
    jobNameVariable: 'CIRRUS_TASK_NAME',
  }),
  // https://confluence.atlassian.com/bamboo/bamboo-variables-289277087.html
  named({
    name: 'Bamboo',
    detectVariable: 'bamboo_planKey',
    runIdVariables: [['bamboo_planKey', 'bamboo_buildNumber']],
  }),
  // https://docs.bitrise.io/en/bitrise-ci/references/available-environment-variables.html
  named({
    name: 'Bitrise',
    detectVariable: 'BITRISE_IO',
    runIdVariables: [['BITRISEIO_PIPELINE_ID'], ['BITRISE_BUILD_SLUG']],
  }),
  // https://buddy.works/docs/pipelines/variables/default-variables
  // Runs were called executions; both names are set for now.
  named({
    name: 'Buddy',
    detectVariable: 'BUDDY_WORKSPACE_ID',
    runIdVariables: [
      ['BUDDY_PIPELINE_ID', 'BUDDY_RUN_ID'],
      ['BUDDY_PIPELINE_ID', 'BUDDY_EXECUTION_ID'],
    ],
  }),
  named({ name: 'Codemagic', detectVariable: 'CM_BUILD_ID', runIdVariables: [['CM_BUILD_ID']] }),
  named({ name: 'Codeship', detectVariable: 'CI_NAME', detectValue: 'codeship', runIdVariables: [['CI_BUILD_ID']] }),
  // https://docs.gocd.org/current/faq/dev_use_current_revision_in_build.html
  named({
    name: 'GoCD',
    detectVariable: 'GO_PIPELINE_LABEL',
    runIdVariables: [['GO_PIPELINE_NAME', 'GO_PIPELINE_COUNTER']],
    attempt: { variable: 'GO_STAGE_COUNTER', base: 1 },
  }),
  // https://cakebuild.net/api/Cake.Common.Build.Rwx.Data/RwxTaskInfo
  named({
    name: 'RWX',
    detectVariable: 'RWX',
    runIdVariables: [['RWX_RUN_ID']],
    attempt: { variable: 'RWX_TASK_ATTEMPT_NUMBER', base: 1 },
    jobIdVariable: 'RWX_TASK_ID',
  }),
  // https://docs.screwdriver.cd/user-guide/environment-variables
  named({ name: 'Screwdriver', detectVariable: 'SCREWDRIVER', runIdVariables: [['SD_EVENT_ID']] }),
  // https://go-vela.github.io/docs/reference/environment/variables/
  named({ name: 'Vela', detectVariable: 'VELA', runIdVariables: [['VELA_REPO_FULL_NAME', 'VELA_BUILD_NUMBER']] }),
];
