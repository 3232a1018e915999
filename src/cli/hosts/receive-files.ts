/** Writes here what a node writes on its host: its blob into the report folder, what it prints into its log. */
import { appendFileSync, mkdirSync, renameSync } from 'node:fs';
import path from 'node:path';
import type { AgentWire } from './connect-host';
import { isPlainPath } from './plain-path';

export interface Received {
  /** Absolute: folder for blobs, and file for output. */
  readonly reportDir: string;
  readonly log: string;
}

/** Where a file of the host belongs here; undefined where it belongs nowhere. A host names no other files of ours. */
function placeOf(name: string, { reportDir, log }: Received): string | undefined {
  if (name === 'node.log') return log;
  const steps = name.split('/');
  if (steps.shift() !== 'report' || steps.length === 0) return undefined;
  return isPlainPath(steps.join('/')) ? path.join(reportDir, ...steps) : undefined;
}

/** Every file gets its bytes in their order, as one connection carries them. */
export function receiveFiles(wire: AgentWire, received: Received): void {
  const places = new Map<number, string>();
  const known = (file: number, name: string): string | undefined => {
    const place = places.get(file) ?? placeOf(name, received);
    if (place !== undefined && !places.has(file)) {
      places.set(file, place);
      mkdirSync(path.dirname(place), { recursive: true });
    }
    return place;
  };
  wire.on('bytes', ({ file, name, data }) => {
    const place = known(file, name);
    if (place !== undefined) appendFileSync(place, Buffer.from(data, 'base64'));
  });
  wire.on('renamed', ({ file, name }) => {
    const from = places.get(file);
    const to = placeOf(name, received);
    if (from === undefined || to === undefined || from === to) return;
    renameSync(from, to);
    places.set(file, to);
  });
}
