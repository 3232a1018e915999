/** What Jest prints of a config that it cannot read, without frames of its own code. */

const isFrame = (line: string): boolean => /^\s+at /.test(line);

/** A frame of a package, or of Node. */
const isForeign = (line: string): boolean => /[\\/]node_modules[\\/]|\(?node:|<anonymous>/.test(line);

/** A stack with the frames of the project's own files; with those of packages nobody can do anything. */
export const withoutForeignFrames = (stack: string): string =>
  stack
    .split('\n')
    .filter((line) => !(isFrame(line) && isForeign(line)))
    .join('\n');

/** The text of another program below a line of ours. */
export const indented = (text: string): string => text.trim().split('\n').join('\n  ');

const NO_CONFIG = /Could not find a config file based on provided values/;

/** What to do where there is no config at all, which Jest does not print. */
export const configRemedy = (text: string): string =>
  NO_CONFIG.test(text)
    ? '\n  Start in the project\'s folder, or pass its config after "--": -- --config path/of/jest.config.js'
    : '';
