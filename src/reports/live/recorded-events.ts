/** A run that is over, as the events that it would have told. */
import type { BlobMetadata, EndRecord, ExitRecord } from '../../blob/blob';
import { stripEscapes } from '../run-report/escape-codes';
import { type FileOutcome, failureMessagesOf, statusOf } from '../run-report/outcomes';
import type { EventSource } from './event-source';
import type { LiveEvent, NodeEvent, PlannedItem } from './events';

/** One blob. */
export interface RecordedNode {
  readonly metadata: BlobMetadata;
  readonly files: readonly RecordedFile[];
  readonly end: EndRecord | null;
  readonly exit: ExitRecord | null;
}

export interface RecordedFile extends FileOutcome {
  /** Failed tests that a quarantine holds back, by their index. */
  readonly held: ReadonlySet<number>;
  /** Name of the part that a queue handed out; null where it was a whole file. */
  readonly part: string | null;
}

const ERROR_LENGTH = 4_000;

function fileEvents(node: number, record: RecordedFile): LiveEvent[] {
  const { file, part, startMs, wallMs, result, execError, held } = record;
  const at = startMs + wallMs;
  const own = { node, file, part };
  const count = (...wanted: string[]) => result.testResults.filter((test) => wanted.includes(statusOf(test))).length;
  const failed = result.testResults.filter((test, index) => statusOf(test) === 'failed' && !held.has(index));
  const failures = failed.map(
    (test): NodeEvent => ({
      ...{ kind: 'test-failed', file, part, test: test.fullName },
      error: stripEscapes((failureMessagesOf(test)[0] ?? '').slice(0, ERROR_LENGTH)),
    }),
  );
  const whole: NodeEvent[] =
    execError === null
      ? []
      : [
          {
            kind: 'test-failed',
            file,
            part,
            test: null,
            error: stripEscapes(execError.message.slice(0, ERROR_LENGTH)),
          },
        ];
  return [
    { kind: 'file-started', ...own, at: startMs },
    ...[...failures, ...whole].map((event) => ({ ...event, node, at }) as LiveEvent),
    {
      kind: 'file-ended',
      ...own,
      ...{ passed: count('passed'), failed: failed.length, skipped: count('skipped', 'todo') },
      ok: failed.length === 0 && execError === null,
      at,
    },
  ];
}

function plannedItems({ plan, queue }: BlobMetadata): PlannedItem[] {
  return (plan?.nodes ?? []).flatMap(({ node, items }) =>
    items.map(({ project, file, part, estimate }) => ({
      ...{ file: { project, path: file }, part, estimate, node: queue ? null : node },
    })),
  );
}

/** All of it, in the order of time. */
function recordedEvents(nodes: readonly RecordedNode[], problems: readonly string[]): LiveEvent[] {
  const first = nodes[0]?.metadata;
  if (first === undefined) return [];
  const startMs = Math.min(...nodes.map(({ metadata }) => metadata.startMs));
  const isQueued = Boolean(first.queue);
  const events = nodes.flatMap(({ metadata, files, end, exit }): LiveEvent[] => {
    const { number: node } = metadata.node;
    const endMs = end?.endMs ?? Math.max(metadata.startMs, ...files.map((file) => file.startMs + file.wallMs));
    const name = metadata.queue?.host ?? metadata.queue?.node;
    return [
      { kind: 'node-started', node, ...(name !== undefined && { name }), host: metadata.host, at: metadata.startMs },
      { kind: 'node-ready', node, files: isQueued ? null : files.length, at: metadata.startMs },
      ...files.flatMap((file) => fileEvents(node, file)),
      { kind: 'node-ended', node, exitCode: exit?.code ?? null, signal: exit?.signal ?? null, at: endMs },
    ];
  });
  const endMs = events.reduce((last, { at }) => Math.max(last, at), startMs);
  return [
    {
      kind: 'run-started',
      ...{ id: first.run.id, commit: first.commit, nodes: isQueued ? nodes.length : first.node.nodes, workers: null },
      ...{ takesTurns: false, isQueued, unit: first.plan?.unit ?? 'ms', items: plannedItems(first), at: startMs },
      ...(first.repeat && { repeat: first.repeat }),
    },
    // Stable: what happens at one moment stays in its order.
    ...events.sort((a, b) => a.at - b.at),
    { kind: 'run-ended', problems, at: endMs },
  ];
}

/** @param problems what the proof of these blobs found. */
export const createRecordedSource = (nodes: readonly RecordedNode[], problems: readonly string[]): EventSource => ({
  follow: (tell) => {
    tell(recordedEvents(nodes, problems));
    return Promise.resolve('finished');
  },
});
