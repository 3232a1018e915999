/** What the place we print to can show. Found once, at the edge; every view takes it as an argument. */
import pico from 'picocolors';
import { type Shell, shellOf } from '../../shell/quote';
import { type Runner, readRunner } from '../../shell/runner';

export interface Terminal {
  /** Display cells in a line; no view ever prints a wider one. */
  readonly columns: number;
  readonly color: boolean;
  /** Block characters and arrows; without, bars and marks are ASCII. */
  readonly unicode: boolean;
  /** Lines may be drawn again. False in CI logs, where each line stays. */
  readonly interactive: boolean;
  /** Which shell a person copies commands into; that of POSIX by default. */
  readonly shell?: Shell;
  /** How the project starts programs of its packages; `npx` by default. */
  readonly runner?: Runner;
}

/** As much of `process.stderr` as is needed. */
export interface OutputStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Width where it is not known: CI logs, pipes. */
const defaultColumns = 80;

/** Below this the tables would be unreadable anyway, so lines wrap in the terminal instead. */
const minimumColumns = 40;

/**
 * Finds out what a stream can show.
 *
 * `NO_COLOR` wins over `FORCE_COLOR` (https://no-color.org): Jest sets `FORCE_COLOR` for its children by itself, so only
 * `NO_COLOR` is sure to be the wish of a person. A TTY in CI (CircleCI, Buildkite, `docker -t`) has colours but is not
 * interactive, because its lines end up in a log.
 *
 * @example detectTerminal(process.stderr, process.env)
 */
export function detectTerminal(stream: OutputStream, environment: Environment): Terminal {
  const isTTY = stream.isTTY === true;
  const isDumb = environment.TERM === 'dumb';
  return {
    columns: isTTY && stream.columns ? Math.max(minimumColumns, stream.columns) : defaultColumns,
    color: hasColor(isTTY && !isDumb, environment),
    unicode: hasUnicode(isTTY, environment),
    interactive: isTTY && !isDumb && !isOn(environment.CI),
    shell: shellOf(process.platform, environment),
    runner: readRunner(),
  };
}

function hasColor(byDefault: boolean, environment: Environment): boolean {
  if (environment.NO_COLOR) return false;
  const forced = environment.FORCE_COLOR;
  return forced === undefined ? byDefault : forced === '' || isOn(forced);
}

function hasUnicode(isTTY: boolean, environment: Environment): boolean {
  const { TERM: term, OS: system } = environment;
  // The Linux console and dumb terminals lack the block characters.
  if (term === 'linux' || term === 'dumb') return false;
  // A log is read in a browser, whatever the locale of the machine that wrote it.
  if (!isTTY) return true;
  // Of the Windows consoles only the newer ones have a font with all blocks.
  if (system === 'Windows_NT') {
    return Boolean(environment.WT_SESSION || environment.TERM_PROGRAM || environment.ConEmuTask || term);
  }
  const locale = environment.LC_ALL || environment.LC_CTYPE || environment.LANG;
  return !locale || /utf-?8/i.test(locale);
}

function isOn(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== '0' && value !== 'false';
}

export type Colors = ReturnType<typeof pico.createColors>;

/** The colours of a terminal; functions that change nothing where it has none. */
export function colorsOf(terminal: Terminal): Colors {
  return pico.createColors(terminal.color);
}

/** Signs that have an ASCII twin. */
export interface Signs {
  readonly ellipsis: string;
  readonly arrow: string;
  readonly pointer: string;
  readonly times: string;
}

const unicodeSigns: Signs = { ellipsis: '…', arrow: '→', pointer: '›', times: '×' };
const asciiSigns: Signs = { ellipsis: '...', arrow: '->', pointer: '>', times: 'x' };

export function signsOf(terminal: Terminal): Signs {
  return terminal.unicode ? unicodeSigns : asciiSigns;
}
