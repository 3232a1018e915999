/**
 * Files → what is placed on nodes: whole files, parts of files, and files that must stay with others.
 */
import { fileKey, type Item, type TestFile } from './item';
import type { EstimateUnit, HashBy } from './plan';
import type { FilePragma } from './pragmas';
import { countParts, fixedCostOf, splitTests, type TestTimes, totalOf } from './split';

export interface FilesToPlace {
  readonly files: readonly TestFile[];
  /** Positive integers, in the order of the files. */
  readonly estimates: readonly number[];
  readonly unit: EstimateUnit;
  readonly nodes: number;
  readonly workers: number;
  readonly hashBy: HashBy;
  /** Recorded durations of a file's tests, by its place in `files`; undefined where none is known. */
  readonly testsOf: (index: number) => TestTimes | undefined;
  /** What its docblock or a glob says of a file. */
  readonly pragmaOf: (index: number) => FilePragma | undefined;
  /** The file's project has a runner of its own, of which nobody knows whether it can run a part of a file. */
  readonly hasOwnRunner?: (index: number) => boolean;
  /** False: a node runs its parts of one file one after the other, so more parts than nodes gain nothing. */
  readonly splitsLocally: boolean;
}

/**
 * Makes the items.
 *
 * - `auto` splits a file by the durations of its tests, where its estimate exceeds the fair share of one worker; not where
 *   its project has a runner of its own.
 * - `test` makes an item of every test that the timings know; a file that they do not know is hashed over all nodes when
 *   it is loaded.
 * - `suite` hashes every file over all nodes when it is loaded: durations are known by test and not by suite.
 * - A pragma overrides: `split` splits also where that is not asked for, `whole` and a group keep a file whole.
 *
 * With one node, `test` is what `auto` is: hashing tests over one node is nothing but work.
 */
export function makeItems(place: FilesToPlace): Item[] {
  const total = place.estimates.reduce((sum, estimate) => sum + estimate, 0);
  const fairShare = total / (place.nodes * place.workers);
  const items: Item[] = [];
  for (let index = 0; index < place.files.length; index++) {
    const file = place.files[index] as TestFile;
    const pragma = place.pragmaOf(index);
    const estimate = place.estimates[index] as number;
    const whole: Item = { key: fileKey(file), file, part: null, estimate, group: pragma?.group ?? null };
    const mayBeSplit = place.hashBy !== 'file' || pragma !== undefined;
    const isWhole = !mayBeSplit || pragma?.group != null || pragma?.placement === 'whole';
    const parts = isWhole ? [] : splitFile(whole, index, pragma?.placement === 'split', fairShare, place);
    if (parts.length === 0) items.push(whole);
    for (const part of parts) items.push(part);
  }
  return items;
}

/** The parts of a file, or none where it stays whole. */
function splitFile(whole: Item, index: number, isMarked: boolean, fairShare: number, place: FilesToPlace): Item[] {
  const { hashBy, nodes, workers, unit } = place;
  const isHeavy = whole.estimate > fairShare;
  const tests = (): TestTimes | undefined => (unit === 'ms' ? known(place.testsOf(index)) : undefined);
  if (hashBy === 'suite') {
    const atMost = nodes > 1 ? nodes : isHeavy && place.splitsLocally ? workers : 1;
    const wanted = nodes > 1 ? nodes : Math.ceil(whole.estimate / fairShare);
    return splitByHash(whole, 'suite', Math.min(atMost, wanted), nodes > 1, tests);
  }
  if (hashBy === 'test' && nodes > 1) {
    const times = tests();
    return times === undefined ? splitByHash(whole, 'test', nodes, true, tests) : splitPerTest(whole, times);
  }
  if (!isMarked && (hashBy === 'file' || !isHeavy || place.hasOwnRunner?.(index) === true)) return [];
  const times = tests();
  if (times === undefined) return isMarked && nodes > 1 ? splitByHash(whole, 'test', nodes, true, tests) : [];
  const atMost = Math.min(times.size, place.splitsLocally ? nodes * workers : nodes);
  const wanted = Math.max(countParts(whole.estimate, times, fairShare, atMost), isMarked ? 2 : 1);
  return splitByDuration(whole, times, Math.min(wanted, atMost));
}

const known = (tests: TestTimes | undefined): TestTimes | undefined =>
  tests === undefined || tests.size === 0 ? undefined : tests;

const toEstimate = (ms: number): number => Math.max(1, Math.round(ms));

/** Parts of even duration; the node of the first one is also the fallback node. */
function splitByDuration({ file, estimate }: Item, times: TestTimes, count: number): Item[] {
  if (count < 2) return [];
  const fixed = fixedCostOf(estimate, times);
  return splitTests(times, count).map(({ tests, durationMs }, index) => {
    const part = `${index + 1}/${count}`;
    const content = { kind: 'named', tests, fallback: index === 0 } as const;
    return { key: fileKey(file, part), file, part, estimate: toEstimate(fixed + durationMs), content };
  });
}

/**
 * An item for each test. The longest one makes its node the fallback node and carries the fixed cost, so that no node
 * loads the file in vain.
 */
function splitPerTest({ file, estimate }: Item, times: TestTimes): Item[] {
  const fixed = fixedCostOf(estimate, times);
  const [longest] = [...times].reduce((one, other) => {
    const isLonger = other[1] - one[1] || (other[0] < one[0] ? 1 : -1);
    return isLonger > 0 ? other : one;
  });
  return [...times].map(([name, durationMs]): Item => {
    const fallback = name === longest;
    return {
      // The same key as when the file is hashed, so that recorded durations alone move nothing under `ring`.
      key: fileKey(file, name),
      file,
      part: name,
      estimate: toEstimate(fallback ? durationMs + fixed : durationMs),
      content: { kind: 'named', tests: [name], fallback },
    };
  });
}

/** One part for each node (or worker): only the loaded file knows what is in them. */
function splitByHash(
  { file, estimate }: Item,
  by: 'suite' | 'test',
  of: number,
  isPinned: boolean,
  tests: () => TestTimes | undefined,
): Item[] {
  if (of < 2) return [];
  const times = tests();
  const share = times === undefined ? estimate / of : fixedCostOf(estimate, times) + totalOf(times) / of;
  return Array.from({ length: of }, (_, index): Item => {
    const part = `${index + 1}/${of} by ${by}`;
    const content = { kind: 'hashed', by, part: index + 1, of } as const;
    return {
      key: fileKey(file, part),
      file,
      part,
      estimate: toEstimate(share),
      content,
      pinnedTo: isPinned ? index : null,
    };
  });
}
