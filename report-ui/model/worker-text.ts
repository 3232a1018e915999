import type { ReportFile } from '../../src/reports/run-report/run-report';

/** Behind the node of a file; nothing where its worker is not known. */
export function workerText({ worker, workerName, slot }: Pick<ReportFile, 'worker' | 'workerName' | 'slot'>): string {
  if (worker === null) return '';
  const name = workerName === null ? `worker ${worker}` : `worker ${workerName}`;
  return slot === null ? `, ${name}` : `, ${name}, slot ${slot}`;
}
