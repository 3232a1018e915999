import { describe, expect, test } from '@jest/globals';
import { pathspecsOf } from '../../../src/jest/planning/test-match-pathspecs';

const root = process.platform === 'win32' ? 'C:\\work' : '/work';
const of = (...testMatch: string[]) => pathspecsOf([{ testMatch }], root);

describe('pathspecs for a search before Jest has matched anything', () => {
  const usual = [':(glob)**/__tests__/**/*.*[jt]s*', ':(glob)**/*spec.*[jt]s*', ':(glob)**/*test.*[jt]s*'];

  test("mean what Jest's defaults mean, of both majors", () => {
    expect(of('**/__tests__/**/*.?([mc])[jt]s?(x)', '**/?(*.)+(spec|test).?([mc])[jt]s?(x)')).toEqual(usual);
    expect(of('**/__tests__/**/*.[jt]s?(x)', '**/?(*.)+(spec|test).[jt]s?(x)')).toEqual(
      usual.map((glob) => glob.replace('.*[jt]', '.[jt]')),
    );
  });

  test('follow patterns of a project, relative to the root', () => {
    const folder = root.replaceAll('\\', '/');
    expect(of(`${folder}/src/**/*.check.{js,ts}`, '!**/skipped/**')).toEqual([
      ':(glob)src/**/*.check.js',
      ':(glob)src/**/*.check.ts',
    ]);
  });

  test('are a guess where patterns are regular expressions, unknown, elsewhere, nested, or many', () => {
    const many = Array.from({ length: 17 }, (_, index) => `**/kind-${index}/*.js`);
    for (const testMatch of [[], ['/elsewhere/**/*.js'], ['**/!(a|@(b|c)).js'], many]) {
      expect(of(...testMatch)).toEqual(usual);
    }
    expect(pathspecsOf([{}], root)).toEqual(usual);
  });
});
