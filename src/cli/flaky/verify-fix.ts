/** Runs what failed sometimes until it fails, or until its passes say with 95 % certainty that it is corrected. */
import { DistributedError } from '../../errors';
import { stdoutTerminal } from '../../files/standard-terminals';
import { eachOf } from '../../flaky/lanes';
import type { Condition, ProbeSpec } from '../../flaky/probe';
import { type Count, greenRunsNeeded, wilson } from '../../flaky/statistics';
import { CONDITION_TEXT, countText, shareText } from '../../reports/flaky/grind-lines';
import { noticeLines } from '../../reports/node/share-lines';
import { countOf } from '../../reports/terminal/format';
import { type GrindArguments, LOAD } from './grind-arguments';
import type { GrindFiles } from './grind-files';
import type { ProbeSession } from './probe-session';

/** Each by itself would say nothing of what fails after another one, or beside it. */
function filesApart(count: number): DistributedError {
  return new DistributedError({
    code: 'GRIND_OPTION_INVALID',
    message: `--was is given for ${count} files, and without --in-order each of them would run by itself.`,
    remedy:
      'Give one file; or, for what fails after others, all of them with --in-order; beside others: --in-order --workers 2.',
  });
}

/**
 * @returns the exit code.
 * @throws DistributedError `GRIND_OPTION_INVALID` where several files are to run by themselves.
 */
export async function verifyFix(
  was: Count,
  grind: GrindArguments,
  files: GrindFiles,
  session: ProbeSession,
): Promise<number> {
  if (files.targets.length === 0) {
    process.stdout.write('jest-distributed: not verified: there is no file to run\n');
    return files.isOthers ? 0 : 1;
  }
  const isTogether = grind.isInOrder;
  if (files.targets.length > 1 && !isTogether) throw filesApart(files.targets.length);
  const needed = greenRunsNeeded(was.failures / was.runs);
  const say = (text: string) => process.stdout.write(`${noticeLines(text, stdoutTerminal()).join('\n')}\n`);
  say(`before: ${countText(was)}; ${countOf(needed, 'green run')} in a row are 95 % sure`);
  const { workers } = grind;
  const [chosen = 'alone'] = grind.conditions.length === 1 ? grind.conditions : [];
  const condition: Condition = isTogether ? (workers > 1 ? 'beside' : 'sequence') : chosen;
  const how = isTogether ? 'in the given order' : condition === 'shuffled' ? 'shuffled' : CONDITION_TEXT[condition];
  let passed = 0;
  /** Why it is not corrected, or not verified. */
  let refusal: string | undefined;
  const failsAt = (text: string): false => {
    refusal ??= text;
    return false;
  };
  await eachOf(
    Array.from({ length: needed }, (_, index) => index + 1),
    session.lanes,
    async (run) => {
      if (session.isOver()) return false;
      const specs: ProbeSpec[] = (isTogether ? [files.targets] : files.targets.map((file) => [file])).map((own) => ({
        ...{ condition, files: own, tests: null },
        ...{ workers: isTogether ? workers : 1, randomizeSeed: condition === 'shuffled' ? grind.seed + run : null },
        load: condition === 'load' ? LOAD : 0,
      }));
      for (const spec of specs) {
        const { sights, fault } = await session.probe(spec);
        // What was cut off is no run.
        if (session.isCutOff()) return false;
        const failed = sights.filter(({ outcome }) => outcome === 'failed');
        if (failed.length > 0 || fault !== null) return failsAt(`not corrected: run ${run} of ${needed} failed`);
        const unrun = spec.files.filter((file) => !sights.some((sight) => sight.file === file && sight.name !== null));
        if (unrun.length > 0) return failsAt(`not verified: no test of ${unrun.join(', ')} ran`);
      }
      passed += 1;
      return true;
    },
  );
  session.check();
  if (passed < needed) {
    say(refusal ?? `${passed} of ${needed} runs passed before the end: not verified`);
    return 1;
  }
  const { high } = wilson(0, needed);
  say(`corrected, 95 % sure: ${needed} of ${needed} runs passed ${how} (it fails in at most ${shareText(high)})`);
  return 0;
}
