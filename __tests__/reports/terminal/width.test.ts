import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import stringWidth from 'string-width';
import type { Plan } from '../../../src/plan/plan';
import { liveLines } from '../../../src/reports/live/live-lines';
import { logLines, stillRunningLines } from '../../../src/reports/live/log-lines';
import { type LiveNode, type LiveState, startRun } from '../../../src/reports/live/state';
import { endLines } from '../../../src/reports/node/end-lines';
import { noticeLines, shareLines } from '../../../src/reports/node/share-lines';
import { startLines } from '../../../src/reports/node/start-lines';
import { explainLines } from '../../../src/reports/plan/explain-lines';
import { movedLines } from '../../../src/reports/plan/moved-lines';
import { planComparison } from '../../../src/reports/plan/plan-comparison';
import { planTable } from '../../../src/reports/plan/plan-table';
import type { NodeVerdict } from '../../../src/reports/run-report/verdict';
import { verdictLines } from '../../../src/reports/run-report/verdict-lines';
import type { Terminal } from '../../../src/reports/terminal/terminal';
import { samplePlan } from '../sample-plan';

interface Scene {
  readonly nodes: number;
  /** Anything a file system, a project or a person may come up with. */
  readonly name: string;
  /** From nothing to a billion: counts, bytes, milliseconds. */
  readonly size: number;
  readonly unit: Plan['unit'];
  readonly workers: number;
}

function liveState({ nodes, size, name: path }: Scene): LiveState {
  const states = ['running', 'starting', 'passed', 'failed', 'killed', 'ended', 'lost'] as const;
  const item = { file: { project: size % 2 ? path : null, path }, part: size % 3 ? null : path };
  const all = Array.from({ length: nodes }, (_, index): LiveNode => {
    const time = { startedAt: 0, endedAt: index % 3 ? null : size, exitCode: null, signal: null };
    const counts = { filesDone: size % 9, filesTotal: index % 4 ? size : null, testsFailed: size, doneEstimate: size };
    const named = { name: index % 2 ? path : String(index + 1), host: index % 3 ? path : null };
    return { number: index + 1, ...named, state: states[index % 7] ?? 'running', ...time, ...counts };
  });
  const failures = all.map(({ number }) => {
    const test = number % 2 ? path : null;
    return { ...item, node: number, test, error: path, at: size, isRecovered: false, isCounted: true };
  });
  const run = {
    kind: 'run-started',
    nodes,
    workers: 2,
    takesTurns: false,
    isQueued: size % 2 === 1,
    unit: 'ms',
  } as const;
  const running = all.flatMap(({ number }) => [
    { ...item, node: number, startedAt: 0 },
    { ...item, node: number, startedAt: size },
  ]);
  return { ...startRun({ ...run, items: [], at: 0 }), nodes: all, running, failures };
}

const name = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 120 }),
  fc.string({ unit: 'grapheme', maxLength: 120 }),
  fc.string({ unit: fc.constantFrom('日', 'a', '/', '👩‍👧', ' ', '\u001b[31m', '\n', '-'), maxLength: 120 }),
);
const scene: fc.Arbitrary<Scene> = fc.record({
  nodes: fc.constantFrom(1, 2, 4, 16, 17, 50),
  name,
  size: fc.oneof(fc.nat(100), fc.nat(1_000_000_000)),
  unit: fc.constantFrom('ms', 'bytes', 'files'),
  workers: fc.integer({ min: 1, max: 16 }),
});
const anyTerminal: fc.Arbitrary<Terminal> = fc.record({
  columns: fc.integer({ min: 40, max: 200 }),
  color: fc.boolean(),
  unicode: fc.boolean(),
  interactive: fc.boolean(),
});

function planOf({ nodes, name: file, size, unit, workers }: Scene): Plan {
  const estimates = Array.from({ length: nodes }, (_, index) => (index % 5 === 4 ? [] : [size + 1, 1 + index]));
  const part = (place: number) => (place === 2 && workers % 2 === 0 ? file : null);
  return samplePlan(estimates, { unit, workers, item: (_, place) => ({ file, project: file, part: part(place) }) });
}

const views: Record<string, (scene: Scene, terminal: Terminal) => readonly string[]> = {
  planTable: (seen, terminal) => planTable(planOf(seen), terminal, { notes: [seen.name] }),
  planComparison: (seen, terminal) => {
    const loads = Array.from({ length: seen.nodes }, (_, index) => seen.size * (index % 3));
    return planComparison(planOf(seen), { name: 'jest --shard', loads, makespan: seen.size }, terminal);
  },
  startLines: (seen, terminal) => {
    const testsPerNode = Array.from({ length: seen.nodes }, (_, index) => (index % 2 ? null : seen.size));
    return startLines(planOf(seen), { node: seen.nodes, nodes: seen.nodes }, terminal, { testsPerNode });
  },
  shareLines: ({ nodes, size, name: source }, terminal) => [
    ...shareLines(
      {
        kind: 'planned',
        node: 1,
        nodes,
        files: size,
        allFiles: size,
        strategy: 'bounded-ring',
        digest: '3f9a1c2e5b6d7788',
      },
      terminal,
    ),
    ...shareLines({ kind: 'disabled', source, allFiles: size }, terminal),
    ...shareLines({ kind: 'watch' }, terminal),
    ...shareLines({ kind: 'only-failures', node: 1, nodes, files: size }, terminal),
    ...noticeLines(source, terminal),
  ],
  endLines: ({ nodes, size, name: file }, terminal) =>
    endLines(
      {
        node: 1,
        nodes,
        filesPlanned: size,
        filesRun: size % 7,
        filesFailed: size % 2,
        tests: { passed: size, failed: size % 3, skipped: size % 5 },
        plannedMs: size % 2 ? null : size,
        realMs: size * 3,
        notRun: Array.from({ length: nodes % 5 }, () => file),
        notRunCause: file,
        // Commands hold what people typed into a shell; control characters are none of it.
        repeats: [{ what: 'it', words: ['npx', 'jest-distributed', `x${'y'.repeat(size % 300)}`, "it's", '日本 語'] }],
      },
      terminal,
    ),
  explainLines: ({ nodes, size, name: file, unit }, terminal) =>
    explainLines(
      {
        project: file,
        file,
        part: file,
        key: `${file}\0${file}`,
        hash: size,
        strategy: 'sticky',
        reason: 'rebalanced',
        home: 1,
        node: nodes,
        nodes,
        workers: nodes,
        estimate: size,
        unit,
        estimateSource: 'median',
        nodeLoad: size,
        largestLoad: size + 1,
        whole: null,
        previousNode: 1,
        lastRun: `run ${file}: after ${file} in the same worker`,
      },
      terminal,
    ),
  liveLines: (scene, terminal) => liveLines(liveState(scene), scene.size * 2, terminal),
  logLines: (scene, terminal) => {
    const before = liveState({ ...scene, nodes: 0 });
    const after = liveState(scene);
    const end = { kind: 'node-ended', node: 1, exitCode: null, signal: 'SIGKILL', at: scene.size } as const;
    return [...logLines(before, end, after, terminal), ...stillRunningLines(after, scene.size, terminal)];
  },
  verdictLines: ({ nodes, size, name: problem }, terminal) => {
    const verdicts = Array.from({ length: nodes }, (_, index): NodeVerdict => {
      const state = index % 3 ? 'passed' : 'failed';
      const exitCode = index % 3 ? 0 : 1;
      const time = { durationMs: size, plannedMs: size % 2 ? size : null };
      const node = { node: index + 1, state, exitCode, signal: null } as const;
      return { ...node, ...time, filesRun: size, filesPlanned: size + (index % 2), tests: size, testsFailed: size % 3 };
    });
    return verdictLines({ nodes: verdicts, durationMs: size, problems: size % 2 ? [problem] : [] }, terminal);
  },
  movedLines: ({ nodes, size, name: file }, terminal) => {
    const item = { project: file, file, part: null, from: 1, to: nodes, reason: 'rebalanced' } as const;
    const changes = [item, { ...item, from: null }, { ...item, to: null, reason: null }];
    return movedLines({ nodes, items: size, changes: size % 7 ? changes : null }, terminal);
  },
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: the colours are what is looked for.
const colour = /\u001b\[\d+m/g;

describe.each(Object.entries(views))('%s', (_, view) => {
  test('property: no line is wider than the terminal, nor more than one line', () => {
    fc.assert(
      fc.property(scene, anyTerminal, (seen, terminal) => {
        for (const line of view(seen, terminal)) {
          expect(stringWidth(line)).toBeLessThanOrEqual(terminal.columns);
          expect(line.replace(colour, '')).not.toMatch(/\p{Cc}/u);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('property: colours change nothing but colours, and without them there are no escape codes', () => {
    fc.assert(
      fc.property(scene, anyTerminal, (seen, terminal) => {
        const plain = view(seen, { ...terminal, color: false });
        expect(plain.join('\n')).not.toContain('\u001b');
        expect(view(seen, { ...terminal, color: true }).map((line) => line.replace(colour, ''))).toEqual(plain);
      }),
      { numRuns: 30 },
    );
  });

  test('property: without unicode our own signs are ASCII', () => {
    const ascii = scene.map((seen) => ({ ...seen, name: 'src/a.test.js' }));
    const ours = (line: string) => line.replaceAll('日本 語', '');
    fc.assert(
      fc.property(ascii, anyTerminal, (seen, terminal) => {
        expect(ours(view(seen, { ...terminal, color: false, unicode: false }).join('\n'))).toMatch(/^[\n\x20-\x7e]*$/);
      }),
      { numRuns: 30 },
    );
  });
});
