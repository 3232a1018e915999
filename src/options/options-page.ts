import { type OptionRow, type OptionType, optionNames, optionRow } from './table';
import { describeType } from './value';

/** docs/reference/options.md, from the table. */
export function writeReference(): string {
  const sections = optionNames.map((name) => {
    const { flag: flagName, variable, type, description, defaultText, scope, default: standard } = optionRow(name);
    // What is on by itself needs a flag to switch it off.
    const flag = standard === true ? `no-${flagName}` : flagName;
    const value = type.kind === 'boolean' ? '' : ` ${placeholder(type)}`;
    return [
      `## ${name}`,
      '',
      description,
      '',
      '| | |',
      '|---|---|',
      `| Flag | \`--${flag}${value}\` |`,
      `| Variable | \`${variable}\` |`,
      `| Config file | ${inConfigFile[scope] ?? `\`${name}\``} |`,
      `| Value | ${describeType(type)} |`,
      `| Default | ${defaultText} |`,
      '',
    ].join('\n');
  });
  return `${introduction}\n${sections.join('\n')}`;
}

const inConfigFile: Partial<Record<OptionRow['scope'], string>> = {
  identity: 'not allowed: it identifies a node or a run',
  secret: 'not allowed: it may hold a password',
};

function placeholder(type: OptionType): string {
  if (type.kind === 'choice') return `<${type.choices.join(' or ')}>`;
  if (type.kind === 'database-url') return '<url>';
  if (type.kind === 'variables') return '<NAME=value>';
  if (type.kind === 'hosts') return '<host,host:workers,local>';
  if (type.kind === 'hook') return '<module or command>';
  return type.kind === 'list' ? (type.of === 'glob' ? '<glob>' : '<name=glob>') : `<${type.kind}>`;
}

const introduction = `# Options

<!-- Written by scripts/generate-options.mjs from src/options/table.ts. Do not edit. -->

An option can be set in four places; the later one in this list wins:

1. its default;
2. the config file: \`jest-distributed.config.json\` (or \`.js\`, \`.cjs\`, \`.mjs\`, \`.ts\`) in the project folder, or the key \`jest-distributed\` in its package.json; or either of them in Jest's \`rootDir\` where that lies below the project folder. There may be only one;
3. its environment variable;
4. its flag of the \`jest-distributed\` command.

Values are read strictly. A value that is wrong or empty, an unknown key of the config file and an unknown variable that begins with \`JEST_DISTRIBUTED_\` stop the run before any test, also where another place overrides them: a node that misreads its settings runs the wrong tests. Where \`disabled\` is true, nothing else is checked.

The **project folder** is the nearest folder with a package.json at or above the working directory, and not above the repository. \`.jest-distributed/\` (timings, reports of the nodes, the page, the queue of \`run --local\`) lives there too, wherever Jest's \`rootDir\` is.

Paths in flags and variables are relative to the working directory, paths in a config file to the folder of that file. Globs are relative to Jest's \`rootDir\`.

Jest's own \`--shard=i/n\` means node i of n. It is an error if the options say another node.
`;
