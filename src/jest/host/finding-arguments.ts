/**
 * Arguments of Jest that change the configs of projects: which test files are found, and what runs them. They stand in no
 * global config, so the command line is read; what Jest makes of them is compared between nodes with the configs.
 */

export interface GivenArgument {
  /** As Jest spells it: `testMatch`. */
  readonly name: string;
  readonly values: readonly string[];
  /** Whether other files are found with it than without. */
  readonly isFinding: boolean;
}

interface Spelling {
  /** Takes all words up to the next flag. */
  readonly isList: boolean;
  readonly isFinding: boolean;
}

const FINDING_LISTS = [
  'moduleFileExtensions',
  'modulePathIgnorePatterns',
  'projects',
  'roots',
  'testMatch',
  'testPathIgnorePatterns',
  'testRegex',
];
const FINDING_TEXTS = ['haste', 'preset'];
// A root is not less than the whole: it is the whole of another suite.
const RUNNING_TEXTS = [
  'moduleNameMapper',
  'resolver',
  'rootDir',
  'runner',
  'testEnvironment',
  'testRunner',
  'transform',
];
const RUNNING_LISTS = ['moduleDirectories', 'modulePaths', 'setupFiles', 'setupFilesAfterEnv', 'snapshotSerializers'];

const spell = (names: readonly string[], spelling: Spelling) => names.map((name) => [name, spelling] as const);

const SPELLINGS: ReadonlyMap<string, Spelling> = new Map([
  ...spell(FINDING_LISTS, { isList: true, isFinding: true }),
  ...spell(FINDING_TEXTS, { isList: false, isFinding: true }),
  ...spell(RUNNING_LISTS, { isList: true, isFinding: false }),
  ...spell(RUNNING_TEXTS, { isList: false, isFinding: false }),
]);

/** `--test-match` is `testMatch`, `--env` is `testEnvironment`. */
function nameOf(flag: string): string {
  const name = flag.slice(2).replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return name === 'env' ? 'testEnvironment' : name;
}

/** @param args the command line of Jest. @returns by name; the values of one name in their order. */
export function findingArguments(args: readonly string[]): GivenArgument[] {
  const given = new Map<string, string[]>();
  const end = args.indexOf('--');
  const flags = end === -1 ? args : args.slice(0, end);
  flags.forEach((arg, index) => {
    const [, flag, inline] = /^(--[\w-]+)(?:=(.*))?$/s.exec(arg) ?? [];
    const name = flag === undefined ? '' : nameOf(flag);
    const spelling = SPELLINGS.get(name);
    if (spelling === undefined) return;
    const next = flags.findIndex((word, at) => at > index && word.startsWith('-'));
    const words = flags.slice(index + 1, next === -1 ? undefined : next);
    const values = inline === undefined ? words.slice(0, spelling.isList ? undefined : 1) : [inline];
    // Jest's parser goes on with a list behind `--testMatch=a` too.
    if (inline !== undefined && spelling.isList) values.push(...words);
    given.set(name, [...(given.get(name) ?? []), ...values]);
  });
  return [...given]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, values]) => ({ name, values, isFinding: SPELLINGS.get(name)?.isFinding === true }));
}
