import { createContext, Fragment } from 'preact';
import { useContext, useRef } from 'preact/hooks';
import type { ReportRun } from '../../src/reports/run-report/run-report';
import { commandText, shellOf } from '../../src/shell/quote';
import { PLAIN_REPEAT, repeatTests, type TestToRepeat } from '../../src/shell/reproduce-tests';
import { runnerWords } from '../../src/shell/runner';
import { useCopying } from './use-copying';

/** How the run that the page shows was started. */
export const CommandContext = createContext<Pick<ReportRun, 'repeat' | 'runner'>>({
  repeat: PLAIN_REPEAT,
  runner: 'npx',
});

/** Of the machine on which the page is read. */
const shell = shellOf(/^Win/.test(navigator.platform) ? 'win32' : 'posix', {});

/** The command that repeats a test or a whole file. */
export function RepeatCommand({ test, label }: { readonly test: TestToRepeat; readonly label: string }) {
  const { repeat } = useContext(CommandContext);
  return <CommandLine words={repeatTests([test], repeat)} label={label} />;
}

/** No shell takes more. */
const LONGEST_COMMAND = 100_000;

/** So that it is broken between words: a line that ends in `-` and one that begins with `-ci` would be another command. */
const wordsOf = (command: string) =>
  command.includes('\n')
    ? command
    : command.split(' ').map((word, place) => (
        <Fragment key={place}>
          {place === 0 ? '' : ' '}
          <span>{word}</span>
        </Fragment>
      ));

/** A command to copy into a shell. */
export function CommandLine({ words, label }: { readonly words: readonly string[]; readonly label: string }) {
  const { runner } = useContext(CommandContext);
  const command = commandText(runnerWords(words, runner), shell);
  const isTooLong = command.length > LONGEST_COMMAND;
  const code = useRef<HTMLElement>(null);
  const { said, copy } = useCopying(
    () => command,
    () => {
      // Then at least it is selected.
      if (code.current) getSelection()?.selectAllChildren(code.current);
      return 'Selected';
    },
  );
  if (isTooLong) return <p class="empty">The command that runs it again is too long to be typed.</p>;
  return (
    <div class="command">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
      <figure tabIndex={0} aria-label={label}>
        <code ref={code}>{wordsOf(command)}</code>
      </figure>
      <button type="button" class="button copy" onClick={() => void copy()} aria-label={`Copy: ${label}`}>
        {said || 'Copy'}
      </button>
      <span class="unseen" role="status">
        {said}
      </span>
    </div>
  );
}
