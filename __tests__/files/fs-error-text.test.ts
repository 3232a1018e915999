import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { unreadableText } from '../../src/files/fs-error-text';

function failureOf(file: string): unknown {
  try {
    readFileSync(file);
  } catch (error) {
    return error;
  }
  throw new Error(`${file} can be read`);
}

test.each([
  ['nothing.json', 'does not exist'],
  [`${path.basename(__filename)}/below-a-file.json`, 'does not exist'],
  ['.', 'is a folder'],
])('%s %s', (name, text) => {
  expect(unreadableText(failureOf(path.join(__dirname, name)))).toBe(text);
});

test('other causes keep their code', () => {
  expect(unreadableText(Object.assign(new Error('x'), { code: 'EMFILE' }))).toBe('cannot be read: EMFILE');
  expect(unreadableText(Object.assign(new Error('x'), { code: 'EACCES' }))).toBe('cannot be read: permission denied');
  expect(unreadableText(new Error('of its own'))).toBe('cannot be read: of its own');
});
