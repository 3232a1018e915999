/**
 * Where a report comes from. The views know nothing else: a page that was written after the run has it in itself, a live
 * dashboard receives it again and again.
 */
import type { RunReport } from '../../src/reports/run-report/run-report';

export interface ReportSource {
  /** The newest report; the same object until there is another. */
  current(): RunReport;
  /** Calls the listener whenever there is another report; the answer ends that. */
  subscribe(listener: () => void): () => void;
}
