import { describe, expect, test } from '@jest/globals';
import { colorsOf, detectTerminal } from '../../../src/reports/terminal/terminal';

const commands = { shell: process.platform === 'win32' ? 'cmd' : 'posix', runner: 'npx' };
const tty = { isTTY: true, columns: 120 };

describe('detectTerminal', () => {
  test('a terminal of a developer can do everything', () => {
    expect(detectTerminal(tty, { TERM: 'xterm-256color', LANG: 'en_GB.UTF-8' })).toEqual({
      columns: 120,
      color: true,
      unicode: true,
      interactive: true,
      ...commands,
    });
  });

  test('a log has no colours, 80 columns, and lines that stay', () => {
    expect(detectTerminal({ columns: 300 }, { CI: 'true' })).toEqual({
      columns: 80,
      color: false,
      unicode: true,
      interactive: false,
      ...commands,
    });
  });

  test('a TTY in CI keeps its colours but is not drawn over', () => {
    expect(detectTerminal(tty, { CI: 'true' })).toMatchObject({ color: true, interactive: false });
    expect(detectTerminal(tty, { CI: 'false' })).toMatchObject({ interactive: true });
  });

  test('TERM=dumb has no colours, no blocks, and is not drawn over', () => {
    expect(detectTerminal(tty, { TERM: 'dumb' })).toMatchObject({ color: false, unicode: false, interactive: false });
  });

  test.each([
    [{ NO_COLOR: '1' }, false],
    [{ NO_COLOR: '' }, true],
    [{ NO_COLOR: '1', FORCE_COLOR: '1' }, false],
    [{ FORCE_COLOR: '0' }, false],
    [{ FORCE_COLOR: 'false' }, false],
  ])('colour on a TTY with %j: %s', (environment, color) => {
    expect(detectTerminal(tty, environment).color).toBe(color);
  });

  test.each([
    [{ FORCE_COLOR: '1' }, true],
    [{ FORCE_COLOR: '' }, true],
    [{ FORCE_COLOR: '0' }, false],
    [{ FORCE_COLOR: '1', NO_COLOR: '1' }, false],
  ])('colour in a log with %j: %s', (environment, color) => {
    expect(detectTerminal({}, environment).color).toBe(color);
  });

  test.each([
    [{ LANG: 'C' }, false],
    [{ LANG: 'de_DE.UTF-8' }, true],
    [{ LANG: 'de_DE.UTF-8', LC_ALL: 'POSIX' }, false],
    [{}, true],
    [{ TERM: 'linux', LANG: 'en_GB.utf8' }, false],
    [{ OS: 'Windows_NT' }, false],
    [{ OS: 'Windows_NT', WT_SESSION: 'x' }, true],
  ])('block characters on a TTY with %j: %s', (environment, unicode) => {
    expect(detectTerminal(tty, environment).unicode).toBe(unicode);
  });

  test('a very narrow or unknown width falls back to one that can be laid out', () => {
    expect(detectTerminal({ isTTY: true, columns: 10 }, {}).columns).toBe(40);
    expect(detectTerminal({ isTTY: true, columns: 0 }, {}).columns).toBe(80);
  });
});

test('colours come with the terminal', () => {
  const terminal = detectTerminal(tty, {});
  expect(colorsOf(terminal).red('x')).toBe('\u001b[31mx\u001b[39m');
  expect(colorsOf({ ...terminal, color: false }).red('x')).toBe('x');
});
