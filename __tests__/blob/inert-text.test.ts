/** Texts of a blob command nothing, and bring no file of this machine to light. */
import { describe, expect, test } from '@jest/globals';
import { inertText, inertTexts } from '../../src/blob/inert-text';

const mayShow = (file: string) => file.replace(/^file:\/\//, '').startsWith('/repo/src/');
const inert = (text: string) => inertText(text, mayShow);

describe('a text', () => {
  test.each([
    'adds two numbers',
    '\u001b[31mred\u001b[39m and\ttab\r\nWindows',
    'Foo::bar and ::before with ::after',
    'שלום مرحبا',
    '    at Object.<anonymous> (/repo/src/a.test.js:1:2)\n    at node:internal/x:3:4',
    '    at /repo/src/my folder/a.js:1:2',
    // Above the checkout too, where a workspace keeps what it installs; Jest never prints lines of such a file.
    '    at f (/work/node_modules/x/index.js:1:2)',
    '    at f (C:\\work\\node_modules\\x\\index.js:1:2)',
    'see /etc/passwd for more',
  ])('%j stays as it is', (text) => {
    expect(inert(text)).toBe(text);
  });

  test.each([
    ['\u001b]0;title\u0007', '\\u001b]0;title\\u0007'],
    ['\u001b[2K\u001b[1Agone', '\\u001b[2K\\u001b[1Agone'],
    ['over\rwritten\u0008', 'over\\u000dwritten\\u0008'],
    ['section_start:1:x\r\u001b[0K', 'section_start:1:x\\u000d\\u001b[0K'],
    ['\u202egnp.exe', '\\u202egnp.exe'],
    ['a\n  ::error file=x::y', 'a\n  : :error file=x::y'],
    ['::ADD-MASK::x', ': :ADD-MASK::x'],
    ['x ##vso[task.setvariable variable=a]b', 'x # #vso[task.setvariable variable=a]b'],
    ['##[error]x', '# #[error]x'],
    ["##teamcity[buildProblem description='x']", "# #teamcity[buildProblem description='x']"],
  ])('%j commands nothing', (text, shown) => {
    expect(inert(text)).toBe(shown);
  });

  test.each([
    ['    at f (/etc/passwd:1:1)', '    at f (<elsewhere>/etc/passwd:1:1)'],
    ['/etc/passwd:1:1', '<elsewhere>/etc/passwd:1:1'],
    ['at /etc/passwd:1:1\r\nx', 'at <elsewhere>/etc/passwd:1:1\r\nx'],
    ['at f (file:///etc/passwd:1:1)', 'at f (<elsewhere>file:///etc/passwd:1:1)'],
    ['at new f (C:\\secret.txt:1:1)', 'at new f (<elsewhere>C:\\secret.txt:1:1)'],
    ['at f (\\\\host\\share\\x:1:1)', 'at f (<elsewhere>\\\\host\\share\\x:1:1)'],
    ['at \\node_modules\\ (/etc/passwd:1:1)', 'at \\node_modules\\ (<elsewhere>/etc/passwd:1:1)'],
    ['at a) [as b] (c (/etc/passwd:1:1)', 'at a) [as b] (c (<elsewhere>/etc/passwd:1:1)'],
    ['ok\nat f (/etc/passwd:1:1)\nmore', 'ok\nat f (<elsewhere>/etc/passwd:1:1)\nmore'],
  ])('%j leads to no file', (text, shown) => {
    expect(inert(text)).toBe(shown);
  });
});

test('all texts of data', () => {
  expect(inertTexts({ a: ['/x:1:1', 1, null, { b: '::group::x' }] }, mayShow)).toEqual({
    a: ['<elsewhere>/x:1:1', 1, null, { b: ': :group::x' }],
  });
});

test('names stay as they are, but for what commands a CI', () => {
  const names = ['a\u0000b\rc /etc/passwd:1:1', '\u001b[2Jx', 'a\n::error::y', 'x ##vso[y]z'];
  const shown = ['a\u0000b\rc /etc/passwd:1:1', '\u001b[2Jx', 'a\n: :error::y', 'x # #vso[y]z'];
  expect(inertTexts({ title: names[0], ancestorTitles: names, seen: names }, mayShow)).toEqual({
    ...{ title: shown[0], ancestorTitles: shown, seen: shown },
  });
});
