/** The command that merges the blobs of this run again, as it would be typed here. */
import type { GatheredRun } from '../files/blob-gather';
import { shownPath } from '../files/folders';
import { withHealCommand } from '../results/finding';
import { projectWords, settingWords } from '../shell/jest-flags';
import { commandText, inOneLine, shellOf } from '../shell/quote';
import { PLAIN_REPEAT } from '../shell/repeat-tests';

export interface MergeWords {
  /** Absolute; none where merge looks there by itself. */
  readonly places: readonly string[];
  /** Values of flags, by flag, as somebody set them. Those that are undefined are left out. */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly jestArgs: readonly string[];
}

/** Words of the command, unquoted; the first is `npx`. */
function runMissingWords({ places, flags, jestArgs }: MergeWords): string[] {
  const given = Object.entries(flags).flatMap(([flag, value]) =>
    typeof value === 'string' && value !== '' ? [`--${flag}`, value] : [],
  );
  return [
    ...['npx', 'jest-distributed', 'merge', ...places.map((place) => shownPath(place)), ...given, '--run-missing'],
    ...(jestArgs.length > 0 ? ['--', ...jestArgs] : []),
  ];
}

/** A command within a sentence, for the shell of this machine. */
const inText = (words: readonly string[]): string => commandText(words, shellOf(process.platform, process.env));

/**
 * Without arguments of its own a merge may have looked into another config than the nodes. Only settings are taken from
 * a blob, and only to be printed.
 */
function argsFor({ blobs }: GatheredRun, own: readonly string[]): readonly string[] {
  const { jestArgs } = blobs[0]?.metadata.repeat ?? PLAIN_REPEAT;
  return own.length > 0 ? own : [...settingWords(jestArgs), ...projectWords(jestArgs)].map(inOneLine);
}

/** Where remedies name the command, it finds the blobs of this run. */
export function withCommands(run: GatheredRun, words: MergeWords): GatheredRun {
  const command = inText(runMissingWords({ ...words, jestArgs: argsFor(run, words.jestArgs) }));
  const findings = run.verdict.findings.map((finding) => withHealCommand(finding, command));
  return { ...run, verdict: { ...run.verdict, findings } };
}
