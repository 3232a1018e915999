import { execFileSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { commandText, quoteWord, shellOf } from '../../src/shell/quote';
import { readByCmd } from './cmd';

const hostile = fc.string({
  unit: fc.constantFrom(
    ...['a', 'PATH', '-', ' ', "'", '"', '$', '\\', '`', '*', '~', '!', '#', '=', '%', '^', '&', '|', '<', '>'],
    ...['(', ')', ';', ',', '?', '[', ']', '{', '}', '\t', '日', '🚀'],
  ),
  maxLength: 24,
});
const words = fc.array(hostile, { maxLength: 6 });

describe('a shell of POSIX', () => {
  test('property: reads the very words, also with line feeds', () => {
    const cases = fc.sample(
      fc.array(fc.string({ unit: fc.constantFrom("'", '\n', '\\', '$x', 'b') }), { maxLength: 4 }),
    );
    const all = [...fc.sample(words, 200), ...cases];
    // One shell for all of them; a NUL ends each word, two each command.
    const script = all.map((one) => commandText(['printf', '%s\\0', ...one, ''], 'posix')).join('\n');
    const read = execFileSync('sh', ['-c', script], { encoding: 'utf8' });
    expect(read).toBe(all.map((one) => [...one, ''].map((text) => `${text}\0`).join('')).join(''));
  });

  test('what needs no quotes has none', () => {
    expect(commandText(['npx', 'jest', '--config=jest.unit.js', 'src/a.test.js', '-t', 'x'], 'posix')).toBe(
      'npx jest --config=jest.unit.js src/a.test.js -t x',
    );
    expect(quoteWord('^cart adds$', 'posix')).toBe("'^cart adds$'");
    // zsh would look for a program called `cmd`.
    expect(quoteWord('=cmd', 'posix')).toBe("'=cmd'");
  });
});

describe('cmd.exe', () => {
  const set = { PATH: 'C:\\Windows', a: '1', '': 'empty', '^': 'caret' };

  test('property: a program behind a batch file reads the very words', () => {
    fc.assert(
      fc.property(words, (given) => {
        const command = commandText(['npx', ...given], 'cmd');
        expect(readByCmd(command, { batchFiles: 1, variables: set })).toEqual(['npx', ...given]);
        // The program itself, as with a runner that is no batch file.
        expect(readByCmd(command, { batchFiles: 0, variables: set })).toEqual(['npx', ...given]);
      }),
      { numRuns: 2000 },
    );
  });

  test('reads as people write it', () => {
    expect(commandText(['npx', 'jest', 'src\\a.test.js', '-t', '^cart (a|b) & "c"$'], 'cmd')).toBe(
      'npx jest src\\a.test.js -t "^cart (a|b) & ""c""$"',
    );
    expect(quoteWord('100% of %PATH%', 'cmd')).toBe('"100"^%" of "^%"PATH"^%');
    expect(quoteWord('two\r\nlines', 'cmd')).toBe('"two lines"');
  });
});

test('Git Bash on Windows is a shell of POSIX', () => {
  expect(shellOf('linux', {})).toBe('posix');
  expect(shellOf('win32', {})).toBe('cmd');
  expect(shellOf('win32', { MSYSTEM: 'MINGW64' })).toBe('posix');
  expect(shellOf('win32', { SHELL: 'C:\\Program Files\\Git\\bin\\bash.exe' })).toBe('posix');
});
