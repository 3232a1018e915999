import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import yargs from 'yargs';
import { flagSpecs } from '../../src/options/flags';
import { findNearest } from '../../src/options/nearest';
import { writeReference } from '../../src/options/reference';
import { resolveOptions } from '../../src/options/resolve';
import { optionNames, optionRow } from '../../src/options/table';

const rows = optionNames.map(optionRow);

function parse(...argv: string[]): Record<string, unknown> {
  return yargs(argv)
    .options(flagSpecs())
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? new Error(message);
    })
    .parse() as Record<string, unknown>;
}

describe('the table', () => {
  test('no two options share a variable or a flag', () => {
    expect(new Set(rows.map(({ variable }) => variable)).size).toBe(rows.length);
    expect(new Set(rows.map(({ flag }) => flag)).size).toBe(rows.length);
  });

  test('variables have our prefix and flags are kebab-case', () => {
    for (const { variable, flag } of rows) {
      expect(variable).toMatch(/^JEST_DISTRIBUTED_[A-Z]+(_[A-Z]+)*$/);
      expect(flag).toMatch(/^[a-z]+(-[a-z]+)*$/);
    }
  });

  test('docs/reference/options.md is up to date', () => {
    const page = path.join(__dirname, '..', '..', 'docs', 'reference', 'options.md');
    expect(readFileSync(page, 'utf8').replaceAll('\r\n', '\n')).toBe(writeReference());
  });
});

describe('flags, through yargs', () => {
  test('reach the options as they were typed', () => {
    const options = resolveOptions({
      flags: parse('--nodes', '04', '--node-index=0', '--distributed-watch', '--', 'src'),
      environment: {},
    });
    expect([options.nodes?.value, options.nodeIndex?.value, options.watch.value]).toEqual([4, 0, true]);
    expect(options.disabled.source).toBe('default');
  });

  test('a number that is none is refused with its text', () => {
    expect(() => resolveOptions({ flags: parse('--nodes', 'abc'), environment: {} })).toThrow('--nodes is "abc"');
    expect(() => resolveOptions({ flags: parse('--node-index', '-1'), environment: {} })).toThrow(
      '--node-index is "-1"',
    );
  });

  test('a boolean with a value is refused, where yargs alone would read =1 as false', () => {
    expect(() => parse('--distributed-disabled=1')).toThrow('Argument unexpected for: distributed-disabled');
    expect(parse('--no-distributed-disabled')).toMatchObject({ 'distributed-disabled': false });
  });

  test('a flag without its value is refused', () => {
    expect(() => parse('--nodes')).toThrow('Not enough arguments following: nodes');
  });
});

describe('the nearest name', () => {
  test.each([
    ['nodez', 'nodes'],
    ['NODES', 'nodes'],
    ['nods', 'nodes'],
    ['kitten', null],
    ['', null],
  ])('of %j is %j', (name, nearest) => {
    expect(findNearest(name, ['nodes', 'strategy'])).toBe(nearest);
  });
});
