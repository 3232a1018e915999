import { channelSymbol } from '../../channels/channel';

/**
 * Set on the sandbox's global by the test runner of this package: it selects, and the set-up file stands back. The
 * set-up file spells the name out, because it must load nothing to ask.
 */
export const STANDS_BACK = channelSymbol('test-runner-selects');
