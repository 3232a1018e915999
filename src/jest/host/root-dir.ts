/** Asks the project's own Jest where its root is, for commands that have Jest's arguments but run no tests. */
import { askJest } from './ask-jest';

/** With these Jest answers before it reads a config, and the root is the same without them. */
const ANSWERS_AT_ONCE = /^(--version|-v|--help|-h|--init)$/;

/**
 * @param directory where the project is.
 * @param jestArgs what follows `--`.
 * @returns `globalConfig.rootDir`, absolute.
 * @throws DistributedError `JEST_NOT_FOUND`, `JEST_UNSUPPORTED`, or `ROOT_UNKNOWN` with what Jest printed.
 */
export function readRootDir(directory: string, jestArgs: readonly string[]): Promise<string> {
  return askJest({
    ...{ script: require.resolve('./root-process'), variable: 'ROOT', directory },
    jestArgs: jestArgs.filter((arg) => !ANSWERS_AT_ONCE.test(arg)),
    ...{ code: 'ROOT_UNKNOWN', failure: 'Jest could not read its config in', flag: '--showConfig' },
  });
}
