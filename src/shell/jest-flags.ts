/**
 * The flags of Jest 29.7 and 30, as far as our commands must know them: which take a value, and which of them a command
 * that repeats a test needs. No path patterns and no flags of others.
 */

type Arity =
  /** Takes nothing, or `true` or `false`. */
  | 'switch'
  | 'value'
  /** Takes every word up to the next flag. */
  | 'list';

type Use =
  /** Decides how tests run: repeated with one test. */
  | 'setting'
  /** Decides which Jest projects take part. */
  | 'projects'
  /** Takes tests out by their path or name; can do nothing else, whoever wrote its value. */
  | 'filter'
  /** Decides otherwise which tests are run, or only how it is reported. */
  | 'run'
  /** Is of the run over nodes, or would write what the run wrote: never repeated. */
  | 'once';

interface JestFlag {
  readonly arity: Arity;
  readonly use: Use;
}

const names = (arity: Arity, use: Use, text: string): [string, JestFlag][] =>
  text
    .trim()
    .split(/\s+/)
    .map((name) => [name, { arity, use }]);

const FLAGS: ReadonlyMap<string, JestFlag> = new Map([
  ...names(
    'switch',
    'setting',
    `automock ci clearMocks detectLeaks errorOnDeprecated injectGlobals randomize resetMocks resetModules restoreMocks
    waitForUnhandledRejections watchman workerThreads`,
  ),
  ...names(
    'value',
    'setting',
    `cacheDirectory config env globalSetup globalTeardown globals haste moduleNameMapper preset prettierPath resolver
    rootDir runner seed testEnvironment testEnvironmentOptions testRunner testTimeout transform`,
  ),
  ...names(
    'list',
    'setting',
    `moduleDirectories moduleFileExtensions modulePathIgnorePatterns modulePaths projects roots setupFiles
    setupFilesAfterEnv snapshotSerializers testMatch testPathIgnorePatterns testRegex transformIgnorePatterns
    unmockedModulePathPatterns`,
  ),
  ...names('list', 'projects', 'ignoreProjects selectProjects'),
  ...names('switch', 'filter', 'runTestsByPath'),
  ...names('value', 'filter', 'testNamePattern'),
  ...names('list', 'filter', 'testPathPattern testPathPatterns'),
  ...names(
    'switch',
    'run',
    `all bail cache changedFilesWithAncestor clearCache collectCoverage collectTests color colors coverage debug
    detectOpenHandles expand findRelatedTests forceExit help init lastCommit listTests logHeapUsage noStackTrace notify
    onlyChanged onlyFailures passWithNoTests runInBand showConfig showSeed silent skipFilter
    testLocationInResults updateSnapshot useStderr verbose version watch watchAll`,
  ),
  ...names(
    'value',
    'run',
    `changedSince collectCoverageFrom coverageDirectory coverageProvider coverageThreshold filter maxConcurrency
    maxWorkers notifyMode openHandlesTimeout testFailureExitCode testResultsProcessor
    workerGracefulExitTimeout`,
  ),
  ...names('list', 'run', `coveragePathIgnorePatterns coverageReporters reporters watchPathIgnorePatterns`),
  ...names('switch', 'once', 'json'),
  ...names('value', 'once', 'outputFile shard testSequencer'),
]);

const SHORT: Readonly<Record<string, string>> = {
  b: 'bail',
  c: 'config',
  e: 'expand',
  f: 'onlyFailures',
  i: 'runInBand',
  o: 'onlyChanged',
  t: 'testNamePattern',
  u: 'updateSnapshot',
  w: 'maxWorkers',
};

/** Names of Jest's flags, as Jest's help has them. */
export const jestFlagNames: readonly string[] = [...FLAGS.keys()];

const toCamel = (name: string): string => name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** The name in Jest's table that a word such as `--select-projects=a`, `--no-ci` or `-c` means; null where it is none. */
export function jestFlagOf(word: string): string | null {
  const short = /^-([a-z])(?:=|$)/.exec(word)?.[1];
  if (short !== undefined) return SHORT[short] ?? null;
  const long = /^--([A-Za-z][\w-]*)/.exec(word)?.[1];
  if (long === undefined) return null;
  const name = toCamel(long);
  if (FLAGS.has(name)) return name;
  const positive = toCamel(long.replace(/^no-/, ''));
  return FLAGS.has(positive) ? positive : null;
}

interface Argument {
  /** Null for a path pattern, and for a flag that is not Jest's. */
  readonly flag: string | null;
  /** As they were typed. */
  readonly words: readonly string[];
}

/** Takes a command line of Jest apart as Jest does. */
function readArguments(args: readonly string[]): Argument[] {
  const read: Argument[] = [];
  for (let index = 0; index < args.length; index++) {
    const word = args[index] as string;
    if (word === '--') return [...read, ...args.slice(index + 1).map((pattern) => ({ flag: null, words: [pattern] }))];
    const flag = jestFlagOf(word);
    const arity = flag === null ? 'switch' : (FLAGS.get(flag) as JestFlag).arity;
    const words = [word];
    const next = () => args[index + 1];
    if (arity === 'switch') {
      if (flag !== null && /^(true|false)$/.test(next() ?? '')) words.push(args[++index] as string);
    } else if (arity === 'value') {
      if (!word.includes('=') && next() !== undefined) words.push(args[++index] as string);
    } else {
      while (next() !== undefined && !next()?.startsWith('-')) words.push(args[++index] as string);
    }
    read.push({ flag, words });
  }
  return read;
}

const wordsOf = (args: readonly string[], isWanted: (use: Use | null) => boolean): string[] =>
  readArguments(args).flatMap(({ flag, words }) => {
    const use = flag === null ? null : (FLAGS.get(flag) as JestFlag).use;
    return isWanted(use) ? words : [];
  });

/** Of Jest's arguments those that decide how a test runs, whichever test it is. */
export const settingWords = (args: readonly string[]): string[] => wordsOf(args, (use) => use === 'setting');

/** Of Jest's arguments those that decide which projects take part. */
export const projectWords = (args: readonly string[]): string[] => wordsOf(args, (use) => use === 'projects');

/** Of Jest's arguments those that make the same run again, path patterns among them. */
export const repeatableWords = (args: readonly string[]): string[] => wordsOf(args, (use) => use !== 'once');

/** Of Jest's arguments all but those that choose tests by their names: for who names the tests. */
export const withoutTestNames = (args: readonly string[]): string[] =>
  readArguments(args).flatMap(({ flag, words }) => (flag === 'testNamePattern' ? [] : words));

/** Whether a flag of Jest is among its arguments, however it is written. */
export const hasFlag = (args: readonly string[], name: string): boolean =>
  readArguments(args).some(({ flag }) => flag === name);

/** Paths and patterns that files are chosen by. */
export const patternsIn = (args: readonly string[]): string[] =>
  readArguments(args).flatMap(({ flag, words: [first = '', ...others] }) => {
    if (flag === null) return first.startsWith('-') ? [] : [first];
    if (!/^testPathPatterns?$/.test(flag)) return [];
    const [, value] = /^[^=]+=(.*)$/s.exec(first) ?? [];
    return value === undefined ? others : [value, ...others];
  });

/** Whether an argument only takes tests or projects out. A flag that is not Jest's is none. */
const isFilter = ({ flag, words: [first = ''] }: Argument): boolean =>
  flag === null ? !first.startsWith('-') : ['filter', 'projects'].includes((FLAGS.get(flag) as JestFlag).use);

/**
 * Arguments that make the same selection as others, with all else left as it is: what a node that is run later must be
 * given. Only what selects is taken from `like`, which may come from a blob.
 *
 * @param args of the one who asks.
 * @param like of the nodes.
 */
export function withFiltersOf(args: readonly string[], like: readonly string[]): string[] {
  const filters = readArguments(like).filter(isFilter);
  const own = readArguments(args).filter((argument) => !isFilter(argument));
  // Patterns come first: a flag that takes a list would take them too.
  return [
    ...filters.filter(({ flag }) => flag === null),
    ...own,
    ...filters.filter(({ flag }) => flag !== null),
  ].flatMap(({ words }) => words);
}

/** The last value of `--config`; Jest's own table knows no other spelling. */
export function configArgument(args: readonly string[]): string | undefined {
  let value: string | undefined;
  args.forEach((arg, index) => {
    const [, inline] = /^(?:--config|-c)=(.*)$/s.exec(arg) ?? [];
    if (inline !== undefined) value = inline;
    else if (arg === '--config' || arg === '-c') value = args[index + 1];
  });
  return value;
}
