import { channelSymbol } from '../../channels/channel';

/**
 * Set on the sandbox's global by the test runner of this package: it selects, so the set-up file has nothing to do. The
 * set-up file spells the name out, because it must load nothing to ask.
 */
export const TEST_RUNNER_SELECTS = channelSymbol('test-runner-selects');
