/** What a campaign of `grind` found, in words. */
import type { CampaignFinding } from '../../queue/campaign-record';
import { CONDITION_TEXT } from '../flaky/grind-lines';
import { countOf, formatCount } from '../terminal/format';

/** `ground 120 times, 7 failed: GENUINE, alone`. */
export function findingText({ verdict, condition, failures, runs }: Omit<CampaignFinding, 'test' | 'command'>): string {
  const under = condition === null ? '' : `, ${(CONDITION_TEXT as Record<string, string>)[condition] ?? condition}`;
  const failed = failures === 0 ? 'none' : formatCount(failures);
  return `ground ${countOf(runs, 'time')}, ${failed} failed: ${verdict}${under}`;
}
