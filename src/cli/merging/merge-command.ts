/** The command that merges the blobs of this run again, as it would be typed here. */

import { shownPath } from '../../files/folders';
import type { GatheredRun } from '../../files/load-run';
import { withHealCommand } from '../../proof/finding';
import { mergeArguments } from '../../shell/merge-again';
import { PLAIN_REPEAT } from '../../shell/reproduce-tests';
import { inText } from '../command-line/same-command';

/** How a remedy begins to name a merge of other blobs that are there. */
const MERGE_OF_LABEL = /npx jest-distributed merge(?= --(?: |label )|$)/gm;

export interface MergeWords {
  /** Absolute; none where merge looks there by itself. */
  readonly places: readonly string[];
  /** Values of flags, by flag, as somebody set them. Those that are undefined are left out. */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly jestArgs: readonly string[];
}

/** Words of the command, unquoted; the first is `npx`. */
function mergeWords({ places, flags }: Pick<MergeWords, 'places' | 'flags'>): string[] {
  const given = Object.entries(flags).flatMap(([flag, value]) =>
    typeof value === 'string' && value !== '' ? [`--${flag}`, value] : [],
  );
  return ['npx', 'jest-distributed', 'merge', ...places.map((place) => shownPath(place)), ...given];
}

function runMissingWords(words: MergeWords): string[] {
  const { jestArgs } = words;
  return [...mergeWords(words), '--run-missing', ...(jestArgs.length > 0 ? ['--', ...jestArgs] : [])];
}

/** Without arguments of its own a merge may have looked into another config than the nodes. */
function argsFor({ blobs }: GatheredRun, own: readonly string[]): readonly string[] {
  const { jestArgs } = blobs[0]?.metadata.repeat ?? PLAIN_REPEAT;
  return own.length > 0 ? own : mergeArguments(jestArgs);
}

/** Where remedies name the command, it finds the blobs of this run. */
export function withCommands(run: GatheredRun, words: MergeWords): GatheredRun {
  const command = inText(runMissingWords({ ...words, jestArgs: argsFor(run, words.jestArgs) }));
  const merge = inText(mergeWords({ ...words, flags: { 'run-id': words.flags['run-id'] } }));
  const findings = run.verdict.findings.map((finding) => {
    const healing = withHealCommand(finding, command);
    return { ...healing, remedy: healing.remedy.replaceAll(MERGE_OF_LABEL, () => merge) };
  });
  return { ...run, verdict: { ...run.verdict, findings } };
}
