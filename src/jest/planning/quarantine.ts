/** The quarantine of this process's project, read once: before any test, so that a wrong file stops them. */
import { type LoadedQuarantine, loadQuarantineFile } from '../../files/quarantine-file';

const loaded = new Map<string, LoadedQuarantine>();

/** @throws DistributedError `QUARANTINE_INVALID`. */
export function quarantineOf(projectDir: string): LoadedQuarantine {
  const known = loaded.get(projectDir) ?? loadQuarantineFile(projectDir, Date.now());
  loaded.set(projectDir, known);
  return known;
}

/** @throws DistributedError `QUARANTINE_INVALID`. */
export function checkQuarantine(projectDir: string): void {
  quarantineOf(projectDir);
}
