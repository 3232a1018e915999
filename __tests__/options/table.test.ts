import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Command } from '../../src/cli/command-line/command';
import { parseArguments } from '../../src/cli/command-line/parse-arguments';
import { findNearest } from '../../src/options/did-you-mean';
import { writeReference } from '../../src/options/options-page';
import { resolveOptions } from '../../src/options/resolve';
import { optionNames, optionRow } from '../../src/options/table';

const rows = optionNames.map(optionRow);

const command: Command = {
  name: 'run',
  describe: 'Runs',
  options: optionNames,
  takesJestArguments: true,
  examples: [],
  execute: async () => 0,
};

const parse = (...args: string[]) => parseArguments(args, command);

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

describe('flags, as the bin parses them', () => {
  test('reach the options as they were typed', () => {
    const options = resolveOptions({
      flags: parse('--nodes', '04', '--node-index=0', '--no-split-local', '--', 'src'),
      environment: {},
    });
    expect([options.nodes?.value, options.nodeIndex?.value, options.splitLocal.value]).toEqual([4, 0, false]);
    expect(options.disabled.source).toBe('default');
  });

  test('a number that is none is refused with its text', () => {
    expect(() => resolveOptions({ flags: parse('--nodes', 'abc'), environment: {} })).toThrow('--nodes is "abc"');
    expect(() => resolveOptions({ flags: parse('--node-index', '-1'), environment: {} })).toThrow(
      '--node-index is "-1"',
    );
  });

  test.each([
    ['--distributed-disabled', true],
    ['--no-distributed-disabled', false],
    ['--distributedDisabled=1', true],
    ['--distributed-disabled=false', false],
  ])('%s is a switch', (flag, value) => {
    expect(resolveOptions({ flags: parse(flag), environment: {} }).disabled.value).toBe(value);
  });

  test('a switch with a value that it cannot have is refused with it', () => {
    const flags = parse('--distributed-disabled=maybe');
    expect(() => resolveOptions({ flags, environment: {} })).toThrow('--distributed-disabled is "maybe"');
  });

  test('a flag without its value is refused', () => {
    expect(() => parse('--nodes')).toThrow('--nodes needs a value: --nodes <number|auto>');
    expect(() => parse('--nodes', '--split', 'a')).toThrow('--nodes needs a value');
  });

  test('a flag given twice is refused by the option, a list takes both', () => {
    const twice = parse('--nodes', '2', '--nodes=3', '--split', 'a', '--split', 'b');
    expect(() => resolveOptions({ flags: twice, environment: {} })).toThrow('--nodes is given 2 times: "2", "3"');
    expect(resolveOptions({ flags: parse('--split', 'a', '--split', 'b'), environment: {} }).split?.value).toEqual([
      'a',
      'b',
    ]);
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
