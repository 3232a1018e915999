import type { Provider } from './provider';

/**
 * https://bazel.build/reference/test-encyclopedia
 *
 * Set where a test target has a `shard_count`. Bazel fails a sharded test that does not touch the status file. The run
 * has no id: Bazel collects the shards itself.
 */
export const bazel: Provider = {
  name: 'Bazel',
  detectVariable: 'BAZEL_TEST',
  node: {
    positionVariable: 'TEST_SHARD_INDEX',
    base: 0,
    totalVariable: 'TEST_TOTAL_SHARDS',
    impliesSharding: true,
    uniqueNames: true,
  },
  runIdVariables: [],
  attempt: null,
  jobIdVariable: null,
  statusFileVariable: 'TEST_SHARD_STATUS_FILE',
};
