/** Failed tests of the quarantine in words. */
import type { QuarantineEntry } from '../../flaky/quarantine';
import { countOf } from '../terminal/format';

export interface HeldView extends Pick<QuarantineEntry, 'owner' | 'until' | 'issue'> {
  /** File and test. */
  readonly name: string;
}

/** `1 test in quarantine failed and does not decide`. */
export const heldHeadline = (count: number): string =>
  `${countOf(count, 'test')} in quarantine failed and ${count === 1 ? 'does' : 'do'} not decide`;

/** `owner web, until 2026-12-10, #123`. */
export const heldDetail = ({ owner, until, issue }: HeldView): string =>
  [`owner ${owner}`, `until ${until}`, ...(issue === undefined ? [] : [issue])].join(', ');
