/**
 * Names this node's workers and takes a slot of the host for each of them.
 */
import type { JobRecord } from '../../blob/blob';
import { identifyProcess } from '../../host-slots/process-identity';
import { slotFolders } from '../../host-slots/slot-folder';
import { type SlotBlock, takeSlots } from '../../host-slots/slot-locks';
import type { NodeIdentity } from '../../node/identity';
import { runIdentifier, unnamedRun } from '../../workers/names';
import { type NodeWorkers, POSITION_VARIABLE, workerVariables } from '../../workers/node-workers';
import { channel } from '../channels/channel';
import { setForWorkers } from '../channels/environment';

export interface WorkersOf {
  readonly identity: NodeIdentity;
  readonly job: JobRecord;
  /** What a queue calls this node; null where there is none. */
  readonly queueNode: string | null;
  /** Jest's `maxWorkers`. */
  readonly count: number;
  /** Absolute; null: the default folders. */
  readonly slotFolder: string | null;
  /** What tells a `run --local` from all others; null in other nodes. */
  readonly localRun: string | null;
}

const slotBlock = channel<SlotBlock | undefined>('slot-block', () => undefined);

/** This process keeps its slots through all runs of a watch mode. */
function keepSlots(folders: readonly string[], count: number): SlotBlock | null {
  const kept = slotBlock.read();
  if (kept !== undefined && kept.count >= count) return kept;
  kept?.release();
  for (const folder of folders) {
    try {
      const block = takeSlots(folder, count, null);
      slotBlock.publish(block);
      process.on('exit', block.release);
      return block;
    } catch {
      // The next folder; where there is none, whoever asks for a slot is told.
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

/** Who this node's workers are. Takes the slots, and sets the variables of the first worker in this process. */
export function numberWorkers(workers: WorkersOf): NodeWorkers {
  const { identity, queueNode, count, slotFolder } = workers;
  const block = keepSlots(slotFolders(slotFolder), count);
  const numbered: NodeWorkers = {
    node: identity.number,
    nodes: identity.nodes,
    nodeName: queueNode ?? identity.number,
    run: runOf(workers),
    firstSlot: block?.first ?? null,
    count,
  };
  const { [POSITION_VARIABLE]: position, ...names } = workerVariables(numbered, 1);
  setForWorkers('POSITION', position);
  Object.assign(process.env, names);
  return numbered;
}
