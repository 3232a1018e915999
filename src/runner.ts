/**
 * `runner: 'jest-distributed/runner'`: Jest's own runner, fed from a queue where there is one; else a heavy file is
 * shared among the workers of a node.
 */
import { DistributedRunner } from './jest/distributed-runner';

export = DistributedRunner;
