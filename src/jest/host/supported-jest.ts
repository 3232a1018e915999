/** Which versions of Jest this package knows: every part that Jest loads asks before it relies on anything else. */
import { DistributedError } from '../../errors';

/** For messages. */
const SUPPORTED_JEST = 'Jest 29.7 and later 29.x, and Jest 30';

/** @param version such as `30.5.2` or `30.0.0-beta.3`. */
export function isSupportedJest(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  return major === 30 || (major === 29 && minor >= 7);
}

/**
 * @param version of `@jest/core`.
 * @param corePath where it was found, for the message.
 * @throws DistributedError `JEST_UNSUPPORTED`.
 */
export function requireSupportedJest(version: string, corePath: string): void {
  if (isSupportedJest(version)) return;
  throw new DistributedError({
    code: 'JEST_UNSUPPORTED',
    message: `Jest ${version} is not supported (@jest/core found at ${corePath}). Supported: ${SUPPORTED_JEST}.`,
    remedy:
      "Remove jest-distributed from Jest's command and config, or install a supported version: npm install --save-dev jest@30",
  });
}
