/**
 * Selecting in jest-jasmine2.
 *
 * Its `specFilter` is asked while tests are being defined, one at a time, when the whole list is not known yet. So what
 * a refused filter would do (`spec.disable()`) is done to the whole tree, once the file is loaded.
 */
import type { DeclaredTest } from '../../../select/declared-test';
import type { FileSelection } from '../../../select/file-selection';
import { keepForeignSnapshots, type SelectionOutcome, selectOwn } from './apply-selection';
import type { Selecting } from './circus';
import type { JestEnvironment, JestExpect, JestRuntime } from './circus-types';
import { placesByName } from './result-positions';

interface JasmineNode {
  readonly description: string;
  readonly children?: readonly JasmineNode[];
  disable(): void;
}

interface Jasmine {
  getEnv(): { topSuite(): JasmineNode };
}

interface Spec {
  readonly node: JasmineNode;
  readonly declared: DeclaredTest;
}

function specsOf(suite: JasmineNode, ancestors: readonly string[] = []): Spec[] {
  return (suite.children ?? []).flatMap((node) => {
    const titles = [...ancestors, node.description];
    return node.children === undefined ? [{ node, declared: { titles } }] : specsOf(node, titles);
  });
}

/** Installs the selection; call before jasmine loads the test file. */
export function selectInJasmine(
  environment: JestEnvironment,
  runtime: JestRuntime,
  testPath: string,
  selection: FileSelection,
): Selecting {
  let outcome: SelectionOutcome | undefined;
  let declared: readonly DeclaredTest[] = [];

  const select = (): void => {
    const { jasmine, expect } = environment.global as { jasmine?: Jasmine; expect?: JestExpect };
    if (jasmine === undefined) return;
    const specs = specsOf(jasmine.getEnv().topSuite());
    declared = specs.map((spec) => spec.declared);
    outcome = selectOwn(declared, selection, 'test-runner');
    outcome.mine.forEach((isMine, index) => {
      if (!isMine) specs[index]?.node.disable();
    });
    keepForeignSnapshots(expect?.getState().snapshotState, declared, outcome.foreignNames);
  };

  const { requireModule, unstable_importModule } = runtime;
  runtime.requireModule = (from, ...rest) => {
    const exported = requireModule.call(runtime, from, ...rest);
    if (from === testPath) select();
    return exported;
  };
  runtime.unstable_importModule = async (from, ...rest) => {
    const exported = await unstable_importModule.call(runtime, from, ...rest);
    if (from === testPath) select();
    return exported;
  };

  return { outcome: () => outcome, placesOf: (results) => placesByName(declared, results) };
}

/** Whether a test runner is jest-jasmine2. */
export function isJasmine(runnerPath: string): boolean {
  return /[\\/]jest-jasmine2[\\/]/.test(runnerPath);
}
