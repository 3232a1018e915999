/** Labels that would distinguish several Jest calls of one node. */
import { configArgument } from '../shell/jest-flags';

/** What a config's name has beside `jest` and `config`: `jest.integration.config.js` → `integration`. */
function nameIn(jestArgs: readonly string[]): string {
  const file = configArgument(jestArgs)?.split(/[\\/]/).at(-1) ?? '';
  const words = file.replace(/\.[^.]*$/, '').split(/[^A-Za-z0-9]+/);
  return words.filter((word) => !/^(jest|config|)$/i.test(word)).join('-');
}

/** One for each call, in their order; no two are alike. */
export function suggestLabels(calls: readonly (readonly string[])[]): string[] {
  const labels: string[] = [];
  calls.forEach((jestArgs, index) => {
    const name = nameIn(jestArgs) || (configArgument(jestArgs) === undefined ? 'unit' : '');
    labels.push(name === '' || labels.includes(name) ? `call-${index + 1}` : name);
  });
  return labels;
}
