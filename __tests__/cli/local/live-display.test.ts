import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { openDisplay } from '../../../src/cli/local/live-display';
import type { LiveEvent } from '../../../src/reports/live/events';
import { ended, failed, itemOf, planned, runOf, START, type Timed } from '../../reports/live/sample-run';

const ESCAPE = String.raw`\x1b\[`;
const COLORS = new RegExp(`${ESCAPE}[0-9;]*m`, 'g');
const TOKENS = new RegExp(`${ESCAPE}([0-9]*)([A-Z])|.`, 'gsu');

/** As much of a terminal as is drawn with: lines that break at the last column, and a cursor that goes up. */
class Screen {
  readonly isTTY: boolean;
  columns: number;
  rows = 24;
  lines: string[] = [''];
  /** Everything that was written, as it came. */
  readonly writes: string[] = [];
  #row = 0;
  #column = 0;
  #resized: (() => void)[] = [];

  constructor(columns: number, isTTY = true) {
    this.columns = columns;
    this.isTTY = isTTY;
  }

  on(_event: 'resize', listener: () => void) {
    this.#resized.push(listener);
  }

  off(_event: 'resize', listener: () => void) {
    this.#resized = this.#resized.filter((one) => one !== listener);
  }

  /** Breaks what stands there at the new width, as terminals do. */
  resize(columns: number) {
    this.columns = columns;
    this.lines = this.lines.flatMap((line) => line.match(new RegExp(`.{1,${columns}}`, 'gu')) ?? ['']);
    this.#row = this.lines.length - 1;
    for (const listener of this.#resized) listener();
  }

  write(text: string) {
    this.writes.push(text);
    const plain = text.replaceAll(COLORS, '');
    for (const [token, count, code] of plain.matchAll(TOKENS)) {
      if (code === 'A') this.#row = Math.max(0, this.#row - Number(count || 1));
      else if (code === 'K') this.#set(this.#line.slice(0, this.#column));
      else if (code === 'J') {
        this.#set(this.#line.slice(0, this.#column));
        this.lines.length = this.#row + 1;
      } else if (code !== undefined) throw new Error(`the screen does not know ${code}`);
      else if (token === '\r') this.#column = 0;
      else if (token === '\n') this.#feed();
      else this.#put(token);
    }
  }

  get #line(): string {
    return this.lines[this.#row] ?? '';
  }

  #set(line: string) {
    this.lines[this.#row] = line;
  }

  #feed() {
    this.#row += 1;
    this.#column = 0;
    this.lines[this.#row] ??= '';
  }

  #put(character: string) {
    if (this.#column === this.columns) this.#feed();
    this.#set(this.#line.slice(0, this.#column) + character + this.#line.slice(this.#column + 1));
    this.#column += 1;
  }
}

const TTY = { TERM: 'xterm', LANG: 'C.UTF-8', NO_COLOR: '1' };

const RUN = runOf([
  planned(1, 'src/a.test.js', 4_000),
  planned(1, 'src/b.test.js', 4_000),
  planned(2, 'src/c.test.js', 9_000),
]);

const BEGIN: Timed[] = [
  [0, { kind: 'node-started', node: 1 }],
  [0, { kind: 'node-started', node: 2 }],
  [0, { kind: 'node-ready', node: 1, files: 2 }],
  [0, { kind: 'node-ready', node: 2, files: 1 }],
  [0, { kind: 'file-started', node: 1, ...itemOf('src/a.test.js') }],
  [0, { kind: 'file-started', node: 2, ...itemOf('src/c.test.js') }],
];

const END: Timed[] = [
  [9, { kind: 'node-ended', node: 1, exitCode: 1, signal: null }],
  [9, { kind: 'node-ended', node: 2, exitCode: 0, signal: null }],
  [9, { kind: 'run-ended' }],
];

function play(screen: Screen, environment: Record<string, string>) {
  const display = openDisplay(screen, environment);
  display.show(RUN);
  return (events: readonly Timed[]) => {
    for (const [seconds, event] of events) {
      const due = START + seconds * 1_000;
      if (due > Date.now()) jest.advanceTimersByTime(due - Date.now());
      display.show({ ...event, at: due } as LiveEvent);
    }
  };
}

beforeEach(() => {
  jest.useFakeTimers({ now: START });
});
afterEach(() => {
  jest.useRealTimers();
});

describe('on a terminal', () => {
  test('it ticks by itself, names a failure above what runs, and leaves nothing behind', () => {
    const screen = new Screen(80);
    const show = play(screen, TTY);
    show(BEGIN);
    jest.advanceTimersByTime(3_000);
    expect(screen.lines).toEqual([
      'node 1  running   ░░░░░░░░░░  0/2   3.0 s  src/a.test.js 3 s',
      'node 2  running   ░░░░░░░░░░  0/1   3.0 s  src/c.test.js 3 s',
      '2 nodes: 0 of 3 files, 3.0 s, about 6 s left',
      '',
    ]);
    show([
      [4, failed(1, 'src/a.test.js', 'cart adds')],
      [4, ended(1, 'src/a.test.js', { failed: 1 })],
    ]);
    jest.advanceTimersByTime(200);
    expect(screen.lines).toEqual([
      'node 1: failed: src/a.test.js › cart adds',
      '  Error: no',
      'node 1  running   █████░░░░░  1/2   4.1 s  1 failed',
      'node 2  running   ░░░░░░░░░░  0/1   4.1 s            src/c.test.js 4 s',
      '2 nodes: 1 of 3 files, 1 test failed, 4.1 s, about 5 s left',
      '',
    ]);
    show(END);
    expect(screen.lines).toEqual([
      'node 1: failed: src/a.test.js › cart adds',
      '  Error: no',
      'node 1  failed    █████░░░░░  1/2   9.0 s  1 failed',
      'node 2  passed    ░░░░░░░░░░  0/1   9.0 s',
      '2 nodes: 1 of 3 files, 1 test failed, 9.0 s',
      '',
    ]);
    // Nothing goes on that would keep the process or draw into what comes next.
    show([[10, failed(1, 'src/b.test.js', 'too late')]]);
    expect(jest.getTimerCount()).toBe(0);
    screen.resize(60);
    expect(screen.lines.at(-2)).toBe('2 nodes: 1 of 3 files, 1 test failed, 9.0 s');
  });

  test('a frame is one write, and never blanks what it draws over', () => {
    const screen = new Screen(80);
    const show = play(screen, TTY);
    show(BEGIN);
    jest.advanceTimersByTime(5_000);
    expect(screen.writes.length).toBeLessThan(8);
    for (const frame of screen.writes.slice(1)) {
      expect(frame.startsWith('\u001b[3A\r')).toBe(true);
      expect(frame.indexOf('\u001b[J')).toBe(frame.length - 3);
    }
    show(END);
  });

  test.each([50, 64, 100])('a terminal that gets %i columns wide is drawn anew, without rests', (columns) => {
    const screen = new Screen(80);
    const show = play(screen, TTY);
    show(BEGIN);
    jest.advanceTimersByTime(2_000);
    screen.resize(columns);
    expect(screen.lines).toHaveLength(4);
    for (const line of screen.lines) expect(line.length).toBeLessThanOrEqual(columns);
    expect(screen.lines[0]).toMatch(/^node 1 {2}running .*src\/a\.test\.js 2 s$/);
    show(END);
  });
});

test('in a log it stays silent for no longer than a minute, and no line is drawn over', () => {
  const screen = new Screen(80, false);
  const show = play(screen, {});
  show([...BEGIN, [2, failed(1, 'src/a.test.js', 'cart adds')]]);
  jest.advanceTimersByTime(125_000);
  show([[200, { kind: 'run-ended' }]]);
  expect(screen.writes.join('')).not.toContain('\u001b');
  expect(screen.lines).toEqual([
    'node 1: started with 2 files',
    'node 2: started with 1 file',
    'node 1: failed: src/a.test.js › cart adds',
    '  Error: no',
    'still running, 2 nodes: 0 of 3 files, 1 test failed, 1m 02s, about 4 s left:',
    '  src/a.test.js for 1m 02s on node 1, src/c.test.js for 1m 02s on node 2',
    'still running, 2 nodes: 0 of 3 files, 1 test failed, 2m 02s, about 4 s left:',
    '  src/a.test.js for 2m 02s on node 1, src/c.test.js for 2m 02s on node 2',
    'still running, 2 nodes: 0 of 3 files, 1 test failed, 3m 02s, about 4 s left:',
    '  src/a.test.js for 3m 02s on node 1, src/c.test.js for 3m 02s on node 2',
    '',
  ]);
  expect(jest.getTimerCount()).toBe(0);
});
