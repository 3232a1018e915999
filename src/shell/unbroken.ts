/** Commands within a sentence, which are copied too: `Run "npx jest-distributed db migrate" with …`. */

const QUOTED = /(?<=["(`])(?:npx|pnpm exec|yarn|bunx|npm|git) [^"()`]*(?=[")`])/g;

/** Stands for a blank that no line is broken at: as wide as one. */
const GLUE = '\u00a0';

/**
 * @param room characters of a line; a command that is longer may be broken.
 * @param breakText breaks a text at its blanks.
 */
export function withUnbrokenCommands(
  text: string,
  room: number,
  breakText: (glued: string) => readonly string[],
): string[] {
  // With the sign before it and two behind it.
  const glued = text.replace(QUOTED, (command) =>
    command.length + 3 > room ? command : command.replaceAll(' ', GLUE),
  );
  return breakText(glued).map((line) => line.replaceAll(GLUE, ' '));
}
