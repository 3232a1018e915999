import { writeOutput } from '../../files/output-file';
import { stdoutTerminal } from '../../files/standard-terminals';
import { optionNames } from '../../options/table';
import { fileKey } from '../../plan/item';
import { jestShard } from '../../plan/jest-shard';
import { measure } from '../../plan/makespan';
import type { Plan } from '../../plan/plan';
import { movedSince } from '../../reports/plan/moved-items';
import { movedLines } from '../../reports/plan/moved-lines';
import { planComparison } from '../../reports/plan/plan-comparison';
import { planFooter, planTable } from '../../reports/plan/plan-table';
import { type Command, jestArguments } from '../command-line/command';
import { planNotes } from '../planning/plan-notes';
import { IDLE_WHEN_PLANNING, openPlanningSession, planSession, requireNodes } from '../planning/planning-session';

/** What `jest --shard` would give each node, weighed with this plan's estimates. */
function shardLoads(plan: Plan): { readonly loads: readonly number[]; readonly makespan: number } {
  const items = plan.nodes.flatMap((node) => node.items);
  const keys = items.map(({ file, project, part }) => fileKey({ project, path: file }, part));
  const estimates = items.map(({ estimate }) => estimate);
  const nodes = plan.nodes.length;
  const { nodeOf } = jestShard({ keys, estimates, nodes, workers: plan.workers });
  const { loads, makespan } = measure({ nodeOf, estimates, nodes, workers: plan.workers });
  return { loads, makespan };
}

export const planCommand: Command = {
  name: 'plan',
  describe: 'Show what each node would run, and how even the loads are',
  flags: {
    json: { value: null, describe: 'Print the plan as JSON' },
    out: { value: '<file>', describe: 'Write the plan to a file, for the nodes to use with --plan' },
    compare: { value: null, describe: 'Show the shares of jest --shard for comparison' },
  },
  options: optionNames,
  idleOptions: IDLE_WHEN_PLANNING,
  takesJestArguments: true,
  examples: [
    ['plan --nodes 4 --compare', 'a bar for each node, compared with jest --shard'],
    ['plan --nodes 4 --out plan.json -- src', 'plan only the files under src, for use with --plan'],
  ],
  execute: async (argv) => {
    const session = await openPlanningSession(argv, jestArguments(argv));
    requireNodes(session, argv);
    const planned = await planSession(session, argv.out !== undefined);
    const { plan, previous } = planned;
    const text = `${JSON.stringify(plan, null, 2)}\n`;
    if (typeof argv.out === 'string') writeOutput(argv.out, text);
    if (argv.json) {
      process.stdout.write(text);
      return 0;
    }
    const terminal = stdoutTerminal();
    const notes = planNotes(session, planned);
    const lines = argv.compare
      ? [
          ...planComparison(plan, { name: 'jest --shard', ...shardLoads(plan) }, terminal),
          '',
          ...planFooter(plan, terminal, notes),
        ]
      : planTable(plan, terminal, { notes });
    if (previous !== undefined) lines.push('', ...movedLines(movedSince(plan, previous), terminal));
    process.stdout.write(`${lines.join('\n')}\n`);
    return 0;
  },
};
