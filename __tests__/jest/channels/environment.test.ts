/** Which variables a process keeps for itself, which its workers get, and which a Jest that a test starts may see. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { captureEnvironment, setForWorkers, variableName } from '../../../src/jest/channels/environment';

const NESTED = variableName('NESTED');
const SELECTION = variableName('SELECTION');

/** As at the start of a process: nothing was captured and nothing set. */
beforeEach(() => {
  for (const name of ['environment', 'for-workers']) {
    delete (globalThis as Record<symbol, unknown>)[Symbol.for(`jest-distributed.${name}`)];
  }
  setForWorkers('SELECTION', undefined);
});

describe('the environment of a process', () => {
  test('loses our variables, keeps all others, and says what was there', () => {
    const environment = { PATH: '/bin', JEST_DISTRIBUTED_NODES: '4', JEST_DISTRIBUTED_TEST_X: '1', [SELECTION]: '/s' };
    const { variables, nested } = captureEnvironment(environment);
    expect(environment).toEqual({ PATH: '/bin', JEST_DISTRIBUTED_TEST_X: '1', [NESTED]: '1' });
    expect(variables).toMatchObject({ PATH: '/bin', JEST_DISTRIBUTED_NODES: '4', [SELECTION]: '/s' });
    expect(nested).toBe(false);
  });

  test('is captured once: a second look gives the same, and what was set since', () => {
    const environment: NodeJS.ProcessEnv = { JEST_DISTRIBUTED_NODES: '4', JEST_DISTRIBUTED_LABEL: 'unit' };
    captureEnvironment(environment);
    environment.JEST_DISTRIBUTED_NODES = '8';
    const { variables, nested } = captureEnvironment(environment);
    expect(variables).toMatchObject({ JEST_DISTRIBUTED_NODES: '8', JEST_DISTRIBUTED_LABEL: 'unit' });
    expect(environment.JEST_DISTRIBUTED_NODES).toBeUndefined();
    // Our own mark is not that of a Jest above.
    expect(nested).toBe(false);
  });

  test('says that a test of a distributed run started this Jest', () => {
    expect(captureEnvironment({ [NESTED]: '1' }).nested).toBe(true);
  });

  test("has for its workers what it set itself, and not what another Jest's workers were given", () => {
    setForWorkers('SELECTION', '/mine');
    expect(process.env[SELECTION]).toBe('/mine');
    const environment = { ...process.env, [variableName('CHECKOUT')]: '/inherited' };
    captureEnvironment(environment);
    expect(environment[SELECTION]).toBe('/mine');
    expect(environment[variableName('CHECKOUT')]).toBeUndefined();
    setForWorkers('SELECTION', undefined);
    expect(process.env[SELECTION]).toBeUndefined();
  });

  test('loses no variable that it did not set for its workers', () => {
    process.env[SELECTION] = '/of another Jest';
    setForWorkers('SELECTION', undefined);
    expect(process.env[SELECTION]).toBe('/of another Jest');
    delete process.env[SELECTION];
  });
});
