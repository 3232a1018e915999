/** Apart from what opens it: the sequencer asks for no more. */
import type { Options } from '../options/resolve';
import type { QueueTarget } from './queue-target';

/** The database that the settings name; null where they name none. */
export function databaseTarget({ databaseUrl, databaseSchema }: Options): QueueTarget | null {
  if (databaseUrl === undefined) return null;
  return { kind: 'database', url: databaseUrl.value, source: databaseUrl.source, schema: databaseSchema.value };
}
