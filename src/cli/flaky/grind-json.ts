/** The results of a campaign for programs. */
import { writeOutput } from '../../files/output-file';
import { wilson } from '../../flaky/statistics';
import { totalOf } from '../../flaky/tally';
import { type GrindView, repeatCommand } from '../../reports/flaky/grind-lines';

/** @param file from the working directory, or absolute. */
export function writeGrindJson(file: string, view: GrindView): void {
  const { outcome, seed, durationMs, jestArgs, hosts } = view;
  const tests = outcome.flaky.map((one) => {
    const { tally, classification } = one;
    const { failures, runs } = totalOf(tally);
    const { errors, counts, replays, durationsMs } = tally;
    return {
      ...{ project: tally.project, file: tally.file, test: tally.name, ...classification },
      ...{ failures, runs, interval: wilson(failures, runs) },
      ...{ conditions: counts, replays, hosts: hosts?.countsOf(tally) ?? null, errors, durationsMs },
      command: repeatCommand(one, jestArgs),
    };
  });
  const { probes, clean, faults } = outcome;
  writeOutput(
    file,
    `${JSON.stringify({ seed, durationMs, hosts: hosts?.used ?? null, runs: probes, clean, faults, tests }, null, 2)}\n`,
  );
}
