/** Runs as the nodes would have reported them: results of real Jests, and made-up ones in any number. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { BlobMetadata, EndRecord, ExitRecord, StoredResult, StoredTest } from '../../../src/blob/blob';
import type { Finding } from '../../../src/proof/finding';
import type { Verdict } from '../../../src/proof/proof';
import type { FileOutcome } from '../../../src/reports/run-report/outcomes';
import { createReportBuilder, type ReportOptions } from '../../../src/reports/run-report/report-builder';
import type { RunReport } from '../../../src/reports/run-report/run-report';
import { runOf } from '../../proof/run';

export interface RealResult {
  readonly path: string;
  readonly result: StoredResult;
  readonly exec: { readonly message: string; readonly stack: string } | null;
}

/** Results of one project run by that major of Jest, with colours, in the paths of a blob. */
export function realResults(major: 29 | 30): RealResult[] {
  const file = path.join(__dirname, 'fixtures', `jest-${major}.json`);
  return JSON.parse(readFileSync(file, 'utf8')) as RealResult[];
}

export const startMs = Date.UTC(2025, 2, 14, 9, 26, 53);

export function metadataOf(number: number, nodes: number, more: Partial<BlobMetadata> = {}): BlobMetadata {
  return {
    format: { name: 'jest-distributed-blob', major: 2, minor: 0 },
    packageVersion: '0.1.0',
    run: runOf({ id: '4711', attempt: 1 }),
    job: { packageName: 'web', packageDir: '', rootDir: '', label: null },
    call: { digest: '5f0c2a9100000000', text: 'jest' },
    node: { number, nodes, source: 'CI_NODE_INDEX' },
    blobId: `blob-${number}`,
    jobId: null,
    jobName: null,
    provider: 'gitlab',
    startMs: startMs + number * 300,
    plan: null,
    planInputs: {},
    found: [],
    disabled: null,
    provable: { ok: true },
    commit: '0a1b2c3d4e5f60718293a4b5c6d7e8f901234567',
    jestVersion: '30.5.2',
    nodeVersion: '22.12.0',
    host: `runner-${number}`,
    platform: 'linux',
    coverageProvider: null,
    ...more,
  };
}

export const exitOf = (): ExitRecord => ({ code: 0, signal: null, reasons: [] });

export function endOf(wallMs: number, state: EndRecord['state'] = 'complete'): EndRecord {
  return { state, endMs: startMs + wallMs, wallMs, files: 0, errors: [], snapshot: {}, obsoleteSnapshotFiles: [] };
}

export function testOf(titles: readonly string[], status: string, more: Partial<StoredTest> = {}): StoredTest {
  return {
    fullName: titles.join(' '),
    ancestorTitles: titles.slice(0, -1),
    title: titles.at(-1) ?? '',
    status,
    duration: 12,
    failureMessages: [],
    invocations: 1,
    ...more,
  };
}

export function outcomeOf(
  file: { readonly project?: string | null; readonly path: string },
  tests: readonly StoredTest[],
  more: Partial<FileOutcome> & { readonly failureMessage?: string; readonly console?: StoredResult['console'] } = {},
): FileOutcome {
  const { failureMessage = null, console: printed, ...fields } = more;
  const count = (status: string) => tests.filter((test) => test.status === status).length;
  return {
    file: { project: file.project ?? null, path: file.path },
    parts: null,
    startMs,
    wallMs: 100,
    worker: 1,
    execError: null,
    result: {
      testFilePath: `<jd:rootDir>/${file.path}`,
      numFailingTests: count('failed'),
      numPassingTests: count('passed'),
      numPendingTests: count('pending'),
      numTodoTests: count('todo'),
      failureMessage,
      ...(printed === undefined ? {} : { console: printed }),
      perfStats: { start: 0, end: 0 },
      snapshot: {
        added: 0,
        fileDeleted: false,
        matched: 0,
        unchecked: 0,
        uncheckedKeys: [],
        unmatched: 0,
        updated: 0,
      },
      testResults: tests,
    },
    ...fields,
  };
}

export function verdictOf(nodes: number, findings: readonly Finding[] = []): Verdict {
  return {
    ok: findings.every(({ severity }) => severity !== 'error'),
    runId: '4711',
    label: null,
    findings,
    database: null,
    counts: { nodes, blobs: nodes, accepted: nodes, items: 0, ranOnce: 0, tests: 0 },
  };
}

export interface SampleSize {
  readonly nodes: number;
  readonly files: number;
  readonly testsPerFile: number;
  readonly workers?: number;
  /** Give files project names in turn. */
  readonly projects?: readonly string[];
  /** Every so many files one test fails; 0 for none. */
  readonly failEvery?: number;
  readonly findings?: readonly Finding[];
  /** Nodes that left no blob. */
  readonly missing?: readonly number[];
  /** Nodes whose blob was cut short. */
  readonly cut?: readonly number[];
  readonly options?: ReportOptions;
}

const folders = ['cart', 'checkout', 'search', 'account/settings', 'catalogue/import', 'shipping', 'text'];
const subjects = ['totals', 'rounding', 'address', 'retry', 'parser', 'session', 'index', 'worker', 'format', 'cache'];

/** The same numbers every time. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const failure = (subject: string): string =>
  [
    `\u001b[2mexpect(\u001b[22m\u001b[31mreceived\u001b[39m\u001b[2m).\u001b[22mtoBe\u001b[2m(\u001b[22m\u001b[32mexpected\u001b[39m\u001b[2m) // Object.is equality\u001b[22m`,
    '',
    `Expected: \u001b[32m"${subject} of 12"\u001b[39m`,
    `Received: \u001b[31m"${subject} of 13"\u001b[39m`,
    '    at Object.toBe (<jd:rootDir>/src/sample.test.js:12:7)',
  ].join('\n');

/** A made-up run of any size. */
export function sampleRun(size: SampleSize): RunReport {
  const { nodes, files, testsPerFile, workers = 2, projects = [], failEvery = 0, missing = [], cut = [] } = size;
  const random = createRandom(7);
  const builder = createReportBuilder(size.options);
  const freeMs = Array.from({ length: nodes }, () => new Array<number>(workers).fill(1200));
  const outcomes: FileOutcome[][] = Array.from({ length: nodes }, () => []);
  for (let index = 0; index < files; index++) {
    const node = index % nodes;
    const lanes = freeMs[node] ?? [];
    const worker = lanes.indexOf(Math.min(...lanes));
    const from = lanes[worker] ?? 0;
    const wallMs = Math.round(80 + 4000 * random() ** 4);
    lanes[worker] = from + wallMs + 5;
    const subject = subjects[index % subjects.length] ?? '';
    const project = projects.length === 0 ? null : (projects[index % projects.length] ?? null);
    const folder = folders[Math.floor(random() * folders.length)] ?? '';
    const fails = failEvery > 0 && index % failEvery === failEvery - 1;
    const tests = Array.from({ length: testsPerFile }, (_, test) => {
      const titles = [subject, `case ${Math.floor(test / 5) + 1}`, `handles input ${test + 1}`];
      if (fails && test === 1) return testOf(titles, 'failed', { failureMessages: [failure(subject)] });
      if (index % 9 === 4 && test === 2)
        return testOf(titles, 'passed', { invocations: 2, retryReasons: [failure(subject)] });
      if (index % 11 === 3 && test === 3) return testOf(titles, 'pending', { duration: null });
      return testOf(titles, 'passed', { duration: Math.round((wallMs / testsPerFile) * (0.5 + random())) });
    });
    const start = startMs + (node + 1) * 300 + from;
    outcomes[node]?.push(
      outcomeOf({ project, path: `src/${folder}/${subject}-${index + 1}.test.js` }, tests, {
        startMs: start,
        wallMs,
        worker: worker + 1,
      }),
    );
  }
  const plan = {
    version: 1 as const,
    strategy: 'bounded-ring' as const,
    hashBy: 'file' as const,
    workers,
    unit: 'ms' as const,
    digest: 'ab'.repeat(32),
    balance: 1.004,
    makespan: 1,
    lowerBound: 1,
    nodes: outcomes.map((list, node) => ({
      node: node + 1,
      load: 0,
      items: list.map(({ file, wallMs }) => ({
        file: file.path,
        project: file.project,
        part: null,
        estimate: Math.round(wallMs * (0.85 + 0.3 * random())),
        reason: 'home' as const,
      })),
    })),
  };
  for (let node = 1; node <= nodes; node++) {
    if (missing.includes(node)) continue;
    builder.node(metadataOf(node, nodes, { plan }));
    const list = outcomes[node - 1] ?? [];
    const done = cut.includes(node) ? list.slice(0, Math.ceil(list.length / 2)) : list;
    for (const outcome of done) builder.file(node, outcome);
    const isCut = cut.includes(node);
    const end = isCut ? null : endOf(Math.max(...(freeMs[node - 1] ?? [0])) + 200);
    builder.end(node, end, isCut ? null : exitOf());
  }
  return builder.finish({ proof: verdictOf(nodes, size.findings), exitCode: failEvery > 0 ? 1 : 0 });
}

/** What a real Jest said of a few broken files, on two nodes. */
export function realRun(major: 29 | 30): RunReport {
  const builder = createReportBuilder({ rootDir: '/ci/project' });
  for (const node of [1, 2]) {
    builder.node(metadataOf(node, 2));
    for (const [index, { path: file, result, exec }] of realResults(major).entries()) {
      if (index % 2 !== node - 1) continue;
      builder.file(node, {
        file: { project: null, path: file.replace('<jd:rootDir>/', '') },
        parts: null,
        startMs: startMs + node * 300 + 500 + index * 400,
        wallMs: 380,
        worker: 1,
        result,
        execError: exec,
      });
    }
    builder.end(node, endOf(3000), exitOf());
  }
  return builder.finish({ proof: verdictOf(2), exitCode: 1 });
}
