import { describe, expect, test } from '@jest/globals';
import { helpFlagsOf } from '../../src/cli/command-line/parse-arguments';
import { COMMAND_GROUPS, COMMANDS } from '../../src/cli/commands';
import { help } from '../../src/cli/help';
import { optionNames, optionRow } from '../../src/options/table';
import { commandHelp, overviewHelp } from '../../src/reports/help/help-lines';
import { cellWidth } from '../../src/reports/terminal/text-width';
import { log } from '../reports/sample-plan';

const helpOf = (name: string, terminal = log): string[] => {
  const command = COMMANDS.find((one) => one.name === name);
  if (command === undefined) throw new Error(`no command ${name}`);
  return commandHelp({ ...command, flags: command.flags ?? {} }, helpFlagsOf(command), terminal);
};

describe('the help', () => {
  test.each(COMMANDS.map(({ name }) => name))('of %s has an example, and fits into 80 columns', (name) => {
    const lines = helpOf(name);
    expect(lines).toContain('Examples');
    expect(lines.filter((line) => cellWidth(line) > 80)).toEqual([]);
    // Wide terminals get no lines that are hard to follow.
    expect(helpOf(name, { ...log, columns: 300 }).filter((line) => cellWidth(line) > 100)).toEqual([]);
  });

  test('of a command begins with its own flags, and each option has its values, variable and default', () => {
    const lines = helpOf('run');
    expect(lines.slice(0, 6)).toEqual([
      "Run this node's share with the project's own Jest.",
      '',
      '  npx jest-distributed run [flags] [-- arguments of Jest]',
      '',
      'Flags of run',
      '  --local',
    ]);
    const text = lines.join('\n');
    for (const { flag, variable } of optionNames.map(optionRow)) {
      expect(text).toMatch(new RegExp(`^  --${flag}(?: |$)`, 'm'));
      expect(text).toContain(variable);
    }
    expect(text).toContain('  --strategy <ring|bounded-ring|sticky>\n');
    expect(lines.join(' ').replace(/\s+/g, ' ')).toContain('(default: file; JEST_DISTRIBUTED_HASH_BY)');
  });

  test.each(['plan', 'explain'])('of %s leaves out what can change nothing there', (name) => {
    const text = helpOf(name).join('\n');
    expect(text).toContain('--hash-by');
    expect(text).not.toMatch(/--node-number|--report-dir|--max-retries|--database-url/);
  });

  test.each([
    ['label', '--label (JEST_DISTRIBUTED_LABEL)'],
    ['NODE_NUMBR', '--node-number (JEST_DISTRIBUTED_NODE_NUMBER)'],
    ['JEST_DISTRIBUTED_TIMINGS', '--timings (JEST_DISTRIBUTED_TIMINGS)'],
    ['nodeIndex', '--node-index (JEST_DISTRIBUTED_NODE_INDEX)'],
    ['--hash-by', '--hash-by (JEST_DISTRIBUTED_HASH_BY)'],
  ])('of %s names the option', (word, option) => {
    expect(() => help([word])).toThrow(`${option} is an option. See: npx jest-distributed help run`);
  });

  test.each(['explian', 'NODES_MISING'])('of %s does not', (word) => {
    expect(() => help([word])).toThrow('Did you mean "');
  });

  test('of all commands names each in its group, in the words of the package manager', () => {
    const lines = overviewHelp(COMMAND_GROUPS, 'docs', { ...log, runner: 'pnpm exec' });
    expect(lines).toContain('  pnpm exec jest-distributed <command> [flags] [-- arguments of Jest]');
    for (const { name } of COMMANDS) expect(lines.some((line) => line.startsWith(`  ${name}  `))).toBe(true);
    expect(lines.filter((line) => cellWidth(line) > 80)).toEqual([]);
    expect(lines.at(-1)).toBe('Docs: docs');
  });
});
