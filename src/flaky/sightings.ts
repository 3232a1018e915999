/** What a run has seen of the tests in quarantine, file by file as they end. */
import { entryOf, type HeldFile, type Quarantine, type QuarantineEntry } from './quarantine';

export interface Sightings {
  see(file: HeldFile): void;
  /** Whether a file ran so that all of its tests were seen; undefined where it did not run. */
  hasSeen(file: string): boolean | undefined;
  /** Statuses of the tests that have an entry's name. */
  statusesOf(entry: QuarantineEntry): readonly string[];
}

export function createSightings(quarantine: Quarantine): Sightings {
  const files = new Map<string, boolean>();
  const statuses = new Map<QuarantineEntry, string[]>();
  return {
    see({ file, project, hasExecError, tests }) {
      files.set(file, !hasExecError);
      if (hasExecError) return;
      for (const { fullName: name, status } of tests) {
        const entry = entryOf(quarantine, { file, project, name });
        if (entry !== undefined) statuses.set(entry, [...(statuses.get(entry) ?? []), status]);
      }
    },
    hasSeen: (file) => files.get(file),
    statusesOf: (entry) => statuses.get(entry) ?? [],
  };
}
