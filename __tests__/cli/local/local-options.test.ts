/** Every option has a meaning in `run --local`, or is refused by name. */
import { describe, expect, test } from '@jest/globals';
import { flagsForNodes, LOCAL_USES, refuseNodeOptions, variablesForNodes } from '../../../src/cli/local/local-options';
import { type OptionName, optionNames, optionRow } from '../../../src/options/table';

const SAMPLES: Readonly<Record<string, unknown>> = { boolean: true, list: ['x=a,b', 'x=c'] };
const sampleOf = (name: OptionName) => SAMPLES[optionRow(name).type.kind] ?? '7';

const asArgv = (flags: Record<string, unknown>) => ({ _: [], typed: [], ...flags });

describe.each(optionNames)('%s', (name) => {
  const { flag, variable } = optionRow(name);
  const use = LOCAL_USES[name];
  const value = sampleOf(name);

  test('by flag and by variable', () => {
    const flags = flagsForNodes(asArgv({ [flag]: value })).slice(1);
    const variables = variablesForNodes({ [variable]: String(value) });
    const refuse = (): void => refuseNodeOptions({ [flag]: value }, {});
    const refuseVariable = (): void => refuseNodeOptions({}, { [variable]: String(value) });
    if (typeof use === 'object') {
      expect(refuse).toThrow(`--${flag} is`);
      expect(refuseVariable).toThrow(`${variable} is`);
      expect(refuse).toThrow(use.refused);
      return;
    }
    expect(refuse).not.toThrow();
    expect(refuseVariable).not.toThrow();
    // A parent's option never reaches a node, and a node's option always does.
    expect(variables).toEqual(use === 'node' ? { [variable]: String(value) } : {});
    expect(flags).toEqual(
      use === 'parent'
        ? []
        : Array.isArray(value)
          ? value.map((one) => `--${flag}=${one}`)
          : [value === true ? `--${flag}` : `--${flag}=${String(value)}`],
    );
  });
});

test('an option that is on by itself is switched off on the nodes too', () => {
  expect(flagsForNodes(asArgv({ 'split-local': false }))).toContain('--no-split-local');
});

test('nodes start although a config file says disabled, where a flag of the parent overrules it', () => {
  expect(flagsForNodes(asArgv({}))).toEqual(['--no-distributed-disabled']);
});
