/** `help`: the commands, one of them, or what the documentation says of a code. */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { DistributedError } from '../errors';
import { shownPath } from '../files/folders';
import { stdoutTerminal } from '../files/standard-terminals';
import { findNearest } from '../options/did-you-mean';
import { type OptionName, optionNames, optionRow } from '../options/table';
import { commandHelp, overviewHelp } from '../reports/help/help-lines';
import { sectionLines, sectionsOf } from '../reports/help/help-sections';
import { helpFlagsOf } from './command-line/parse-arguments';
import { COMMAND_GROUPS, COMMANDS } from './commands';

/** The documentation is part of the package: it needs no network, and is that of the installed version. */
const DOCS = path.join(__dirname, '..', '..', 'docs');
const CODES_PAGE = path.join(DOCS, 'troubleshooting.md');

const readSections = (): ReadonlyMap<string, string> => sectionsOf(readFileSync(CODES_PAGE, 'utf8'));

/** The option that a word is, as a flag, a variable or a key of a config file, or nearly is. */
function optionFor(word: string): OptionName | null {
  const normal = (text: string) =>
    text
      .replace(/^JEST_DISTRIBUTED_/i, '')
      .replace(/[^A-Za-z]/g, '')
      .toLowerCase();
  const names = new Map(optionNames.map((name) => [normal(optionRow(name).flag), name] as const));
  for (const name of optionNames) names.set(normal(optionRow(name).variable), name);
  const nearest = findNearest(normal(word), [...names.keys()], normal(word).length > 5 ? 2 : 0);
  return nearest === null ? null : (names.get(nearest) ?? null);
}

function unknown(word: string, codes: readonly string[]): DistributedError {
  const option = optionFor(word);
  if (option !== null) {
    const { flag, variable } = optionRow(option);
    return new DistributedError({
      code: 'HELP_UNKNOWN',
      message: `There is neither a command nor a code "${word}".`,
      remedy: `--${flag} (${variable}) is an option. See: npx jest-distributed help run`,
    });
  }
  const nearest = findNearest(word, [...COMMANDS.map(({ name }) => name), ...codes], 3);
  return new DistributedError({
    code: 'HELP_UNKNOWN',
    message: `There is neither a command nor a code "${word}".`,
    remedy: `${nearest === null ? '' : `Did you mean "${nearest}"? `}All commands: npx jest-distributed help. All codes: ${shownPath(CODES_PAGE)}`,
  });
}

/**
 * Prints the help of each word: a command, the first word of several, or a code.
 *
 * @throws DistributedError `HELP_UNKNOWN`.
 */
export function help(words: readonly string[]): number {
  const terminal = stdoutTerminal();
  const docs = shownPath(DOCS);
  const print = (lines: readonly string[]) => process.stdout.write(`${lines.join('\n')}\n`);
  if (words.length === 0) {
    print(overviewHelp(COMMAND_GROUPS, docs, terminal));
    return 0;
  }
  const asked = words.join(' ');
  const named = COMMANDS.filter(({ name }) => name === asked || name.startsWith(`${asked} `));
  if (named.length > 0) {
    const blocks = named.map((command) =>
      commandHelp({ ...command, flags: command.flags ?? {} }, helpFlagsOf(command), terminal),
    );
    print([...blocks.flatMap((lines, index) => (index === 0 ? lines : ['', ...lines])), '', `Docs: ${docs}`]);
    return 0;
  }
  const sections = readSections();
  const found = words.map((word) => {
    const code = [...sections.keys()].find((one) => one.toLowerCase() === word.replace(/^\[|\]$/g, '').toLowerCase());
    if (code === undefined) throw unknown(word, [...sections.keys()]);
    return sectionLines(code, sections.get(code) as string, terminal);
  });
  print([
    ...found.flatMap((lines, index) => (index === 0 ? lines : ['', ...lines])),
    '',
    `All codes: ${shownPath(CODES_PAGE)}`,
  ]);
  return 0;
}
