/**
 * Names this node's workers and takes a slot of the host for each of them.
 */
import type { JobRecord } from '../../blob/blob';
import { identifyProcess } from '../../host-slots/process-identity';
import { type SlotBlock, takeSlots } from '../../host-slots/slot-locks';
import type { NodeIdentity } from '../../node/identity';
import { journalFolder } from '../../setups/setup-spec';
import { runIdentifier, unnamedRun } from '../../workers/names';
import type { NodeWorkers } from '../../workers/node-workers';
import { channel } from '../channels/channel';

export interface WorkersOf {
  readonly identity: NodeIdentity;
  readonly job: JobRecord;
  /** What a queue calls this node; null where there is none. */
  readonly queueNode: string | null;
  /** Jest's `maxWorkers`. */
  readonly count: number;
  /** Absolute, there already; the first that can be written to is taken. */
  readonly slotFolders: readonly string[];
  /** What distinguishes a `run --local` from all others; null in other nodes. */
  readonly localRun: string | null;
}

interface HeldSlots {
  readonly block: SlotBlock;
  readonly folder: string;
}

const slotBlock = channel<HeldSlots | undefined>('slot-block', () => undefined);

/** This process keeps its slots through all runs of a watch mode. */
function keepSlots(folders: readonly string[], count: number): HeldSlots | null {
  const kept = slotBlock.read();
  if (kept !== undefined && kept.block.count >= count) return kept;
  kept?.block.release();
  for (const folder of folders) {
    try {
      const held = { block: takeSlots(folder, count, journalFolder(folder)), folder };
      slotBlock.publish(held);
      return held;
    } catch {
      // The next folder; where there is none, whoever asks for a slot gets an error.
    }
  }
  return null;
}

/** A person's run that has no name: two of them at once must not have one name. */
function ownRun(): string {
  const { pid, start, boot, space } = identifyProcess();
  return JSON.stringify([pid, start ?? Date.now(), boot, space]);
}

function runOf({ identity, job, localRun }: WorkersOf): string {
  const { run, nodes } = identity;
  if (localRun !== null) return unnamedRun(localRun, job);
  // Nodes that were started one by one can agree on nothing but the default.
  return run.source === 'default' && nodes === 1 ? unnamedRun(ownRun(), job) : runIdentifier(run.id, job);
}

/** To be called when this process ends. */
export const releaseSlots = (): void => slotBlock.read()?.block.release();

export interface NumberedWorkers {
  readonly workers: NodeWorkers;
  /** Absolute: where their slots are noted; null where they have none. */
  readonly slotFolder: string | null;
}

/** Who this node's workers are; takes their slots. */
export function numberWorkers(asked: WorkersOf): NumberedWorkers {
  const { identity, queueNode, count } = asked;
  const held = keepSlots(asked.slotFolders, count);
  const workers: NodeWorkers = {
    node: identity.number,
    nodes: identity.nodes,
    nodeName: queueNode ?? identity.number,
    run: runOf(asked),
    firstSlot: held?.block.first ?? null,
    count,
  };
  return { workers, slotFolder: held?.folder ?? null };
}
