/**
 * What every kind of line of a blob must hold. A blob may come from a fork, from a broken upload or from another version:
 * what has passed here has the types that the rest of the package relies on.
 */
import { isObject } from '../options/object';
import {
  also,
  anything,
  type Check,
  either,
  flag,
  integer,
  list,
  maybe,
  milliseconds,
  nullable,
  number,
  oneOf,
  optional,
  record,
  shape,
  shortText,
  text,
  tuple,
} from './check-shape';
import { isV8Source } from './coverage-sources';
import { GONE_FILE } from './tree-line';

/** As many as the option `nodes` allows. */
const MOST_NODES = 10_000;

/** As many as the option takes. */
const MOST_WORKERS = 10_000;

/** A path below a project's root, or of a folder beside it: `src/a.test.js`, `../shared/a.test.js`. */
const relativePath: Check = (value) => {
  if (typeof value !== 'string') return ' must be a path';
  const isRelative = value !== '' && !/^[/\\]|^[A-Za-z]:[/\\]|\0/.test(value);
  // Upwards at its start only: what leads up later was not written by us, and hides where it leads.
  const inside = value.replace(/^(?:\.\.\/)+/, '');
  return isRelative && value.length <= 4096 && !inside.split('/').includes('..')
    ? undefined
    : ' must be a path relative to the root';
};

/** A folder: empty for the one that it is relative to, `..` and `../..` for those above it. */
const folderPath: Check = (value) =>
  typeof value === 'string' && /^(?:\.\.(?:\/\.\.)*)?$/.test(value) ? undefined : relativePath(value);

const testFile = shape({ project: nullable(shortText), path: relativePath });

const storedError = shape({ message: text, stack: text });

export const identityShape: Check = also(
  shape({
    packageVersion: shortText,
    run: shape({
      id: shortText,
      attempt: integer(1),
      source: shortText,
      rerun: oneOf('attempt', 'job', 'person'),
      unknownIn: nullable(shortText),
    }),
    job: shape({
      packageName: nullable(shortText),
      packageDir: nullable(folderPath),
      rootDir: nullable(folderPath),
      label: nullable(shortText),
    }),
    call: shape({ digest: shortText, text: shortText, findsOthers: optional(flag) }),
    node: shape({ number: integer(1, MOST_NODES), nodes: integer(1, MOST_NODES), source: shortText }),
    workers: optional(shape({ prefix: shortText, firstSlot: nullable(integer(0)) })),
    blobId: shortText,
    jobId: nullable(shortText),
    jobName: nullable(shortText),
    provider: nullable(shortText),
    startMs: milliseconds,
    processStartMs: optional(milliseconds),
    planInputs: record(anything),
    planPath: maybe(shortText),
    repeat: maybe(
      shape({
        jestArgs: list(shortText),
        placing: record(shortText),
        rootPath: folderPath,
        projects: list(shape({ name: nullable(shortText), folder: folderPath, isSelectable: flag })),
        hasSetups: optional(flag),
      }),
    ),
    nothing: maybe(shortText),
    queue: maybe(
      shape({
        pipeline: shortText,
        runId: shortText,
        node: shortText,
        served: oneOf('database', 'process'),
        session: shortText,
        host: optional(shortText),
      }),
    ),
    disabled: nullable(shape({ source: shortText })),
    provable: shape({ ok: flag, reason: optional(shortText) }),
    coverageProvider: nullable(oneOf('babel', 'v8')),
    coverageThreshold: maybe(shape({ from: shortText, groups: record(record(number)) })),
    quarantine: maybe(shortText),
    commit: nullable(shortText),
    commitTree: maybe(shortText),
    jestVersion: shortText,
    nodeVersion: shortText,
    host: shortText,
    platform: shortText,
  }),
  (value) => {
    const { node, provable } = value as { node: { number: number; nodes: number }; provable: Record<string, unknown> };
    if (node.number > node.nodes) return `.node.number is ${node.number}, of ${node.nodes}`;
    return provable.ok === true || typeof provable.reason === 'string' ? undefined : '.provable lacks its reason';
  },
);

const partContent = either(
  shape({ kind: oneOf('named'), tests: list(text), fallback: flag }),
  shape({ kind: oneOf('hashed'), by: oneOf('suite', 'test'), part: integer(1), of: integer(1) }),
);

const packedItem = tuple(
  relativePath,
  number,
  shortText,
  maybe(shortText),
  maybe(text),
  maybe(shape({ content: optional(partContent), group: optional(text) })),
);

const packedPlan = also(
  shape({
    version: integer(1, 1),
    strategy: shortText,
    hashBy: oneOf('file', 'suite', 'test', 'auto'),
    workers: integer(1, MOST_WORKERS),
    unit: oneOf('ms', 'bytes', 'files'),
    digest: shortText,
    balance: number,
    makespan: number,
    lowerBound: number,
    nodes: list(shape({ node: integer(1, MOST_NODES), load: number, items: list(packedItem) }), MOST_NODES),
  }),
  (value) => {
    const { nodes } = value as { nodes: readonly { node: number }[] };
    const wrong = nodes.findIndex(({ node }, index) => node !== index + 1);
    return wrong === -1 ? undefined : `.nodes[${wrong}].node must be ${wrong + 1}`;
  },
);

export const inputsShape: Check = also(
  shape({ found: nullable(list(testFile)), plan: nullable(packedPlan) }),
  (value) => {
    const { found, plan } = value as { found: unknown; plan: unknown };
    return found === null && plan === null ? '.found must be a list where there is no plan' : undefined;
  },
);

const consoleEntry = shape({ message: text, origin: text, type: shortText });

/** Jest's result of one test; what a custom runner left out is filled in by complete-result.ts. */
const storedTest = shape({
  ancestorTitles: optional(list(text)),
  duration: maybe(milliseconds),
  failureDetails: optional(list(anything)),
  failureMessages: optional(list(text)),
  fullName: text,
  invocations: maybe(number),
  location: maybe(shape({ line: number, column: number })),
  numPassingAsserts: maybe(number),
  retryReasons: maybe(list(text)),
  status: shortText,
  title: optional(text),
});

const storedResult = shape({
  console: maybe(list(consoleEntry)),
  displayName: maybe(shape({ name: text, color: shortText })),
  failureMessage: maybe(text),
  numFailingTests: integer(0),
  numPassingTests: integer(0),
  numPendingTests: integer(0),
  numTodoTests: integer(0),
  openHandles: maybe(list(anything)),
  perfStats: shape({ start: milliseconds, end: milliseconds, runtime: maybe(milliseconds), slow: maybe(flag) }),
  snapshot: shape({
    added: integer(0),
    fileDeleted: flag,
    matched: integer(0),
    unchecked: integer(0),
    uncheckedKeys: list(text),
    unmatched: integer(0),
    updated: integer(0),
  }),
  testFilePath: text,
  testResults: list(storedTest),
});

/** When and where a file ran. */
const execution = {
  startMs: milliseconds,
  wallMs: milliseconds,
  worker: nullable(integer(1)),
  workerProcess: maybe(integer(1)),
};

export const fileShape: Check = shape({
  file: testFile,
  parts: nullable(list(text)),
  ...execution,
  split: nullable(shape({ seen: list(text), mine: list(integer(0)) })),
  cases: list(either(integer(0), storedTest)),
  starts: maybe(list(tuple(either(integer(0), record(anything)), integer(0), maybe(milliseconds), maybe(shortText)))),
  result: storedResult,
  execError: nullable(storedError),
  hasCoverage: flag,
  queue: maybe(shape({ attempt: integer(1), claimNumber: integer(1), part: nullable(text), inherited: flag })),
});

const earlierTry = shape({
  messages: list(text),
  startMs: nullable(milliseconds),
  durationMs: nullable(milliseconds),
});

export const tryShape: Check = shape({
  file: testFile,
  part: nullable(text),
  attempt: integer(1),
  claimNumber: integer(1),
  decision: oneOf('retried', 'superseded'),
  outcome: oneOf('passed', 'failed'),
  ...execution,
  tests: list(
    shape({
      ancestorTitles: list(text),
      title: text,
      fullName: text,
      occurrence: integer(1),
      outcome: oneOf('passed', 'failed'),
      durationMs: nullable(milliseconds),
      failureMessages: list(text),
      earlier: list(earlierTry),
    }),
  ),
  failureMessage: nullable(text),
  execError: nullable(storedError),
});

export const endShape: Check = shape({
  state: oneOf('complete', 'interrupted', 'bailed'),
  endMs: milliseconds,
  wallMs: milliseconds,
  files: integer(0),
  errors: list(storedError),
  snapshot: record(anything),
  obsoleteSnapshotFiles: list(text),
  queue: maybe(
    shape({
      finished: flag,
      cancelledBy: nullable(shortText),
      retried: list(text),
      superseded: list(text),
      flaky: list(text),
    }),
  ),
});

export const exitShape: Check = also(
  shape({
    code: nullable(integer(0, 0xffffffff)),
    signal: nullable(shortText),
    reasons: list(shortText),
    running: maybe(list(text)),
  }),
  (value) => {
    const { code, signal } = value as { code: number | null; signal: string | null };
    return (code === null) === (signal === null) ? '.code or .signal must be null, and only one' : undefined;
  },
);

const digest: Check = (value) =>
  typeof value === 'string' && /^[0-9a-f]{1,64}$/.test(value) ? undefined : ' must be hexadecimal digits';

const digestOrGone: Check = (value) => (value === GONE_FILE ? undefined : digest(value));

export const treeShape: Check = shape({
  dirty: nullable(flag),
  changed: maybe(record(digestOrGone)),
  algorithm: oneOf('sha1', 'sha256'),
  files: list(nullable(digest)),
  configs: list(shape({ project: nullable(shortText), folder: folderPath, settings: record(digest) })),
  settings: nullable(record(anything)),
});

// Istanbul leaves places out where there is no code, as of an `else` that nobody wrote.
const position = shape({ line: maybe(number), column: maybe(number) });
const location = shape({ start: position, end: position });

const sourceMapShape: Check = shape({
  version: maybe(number),
  sources: maybe(list(nullable(text))),
  sourceRoot: maybe(text),
  sourcesContent: maybe(list(nullable(text))),
  names: maybe(list(text)),
  mappings: optional((value) =>
    typeof value === 'string' && /^[\w+/,;]*$/.test(value) ? undefined : ' must be the mappings of a source map',
  ),
});

const babelSource = shape({
  path: text,
  statementMap: record(location),
  fnMap: optional(record(shape({ name: optional(text), decl: optional(location), loc: optional(location) }))),
  branchMap: optional(record(shape({ type: text, locations: optional(list(location)), loc: optional(location) }))),
  inputSourceMap: maybe(sourceMapShape),
});

const v8Source = shape({
  code: text,
  originalCode: text,
  wrapperLength: nullable(number),
  sourceMap: nullable(sourceMapShape),
});

/** Both providers have lines of this kind; which one is meant shows in the coverage that refers to it. */
export const sourceShape: Check = shape({
  id: integer(0),
  data: (value) => (isObject(value) && isV8Source(value) ? v8Source(value) : babelSource(value)),
});

const counts = either(list(number), record(number));
const branchCounts = either(list(list(number)), record(list(number)));

const v8Range = shape({ startOffset: integer(0), endOffset: integer(0), count: number });

export const coverageShape: Check = shape({
  babel: nullable(
    list(
      tuple(
        integer(0),
        shape({ s: optional(counts), f: optional(counts), b: optional(branchCounts), bT: maybe(branchCounts) }),
      ),
    ),
  ),
  v8: nullable(
    list(
      shape({
        source: nullable(integer(0)),
        result: shape({
          url: text,
          functions: list(shape({ functionName: text, isBlockCoverage: flag, ranges: list(v8Range) })),
        }),
      }),
    ),
  ),
});
