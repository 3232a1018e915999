/** `runner: 'jest-distributed/runner'`: Jest's own runner, but a heavy file is shared among the workers of a node. */
import { SlicingRunner } from './jest/slices/slicing-runner';

export = SlicingRunner;
