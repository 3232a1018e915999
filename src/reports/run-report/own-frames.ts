/** Bare stacks, as Jest would print them. */

/** Jest's own code and that of Node.js: it is in every stack and says nothing about a test. */
const FOREIGN_FRAME =
  /^\s*at .*(?:[\\/]node_modules[\\/](?:@jest|jest-[\w-]+|jest|expect)[\\/]|\(?node:|\(<anonymous>\)|\(native\))/;

/** A stack without the frames of Jest and Node.js; as it is where no other frame would be left. */
export function ownFrames(stack: string): string {
  const lines = stack.split('\n');
  const own = lines.filter((line) => !FOREIGN_FRAME.test(line));
  return own.some((line) => /^\s*at /.test(line)) ? own.join('\n') : stack;
}
