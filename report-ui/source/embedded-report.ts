/** The report that stands in the page itself and never changes. */
import { REPORT_FORMAT, type RunReport } from '../../src/reports/run-report/run-report';
import type { ReportSource } from './report-source';

/**
 * @param elementId of the script element that holds the JSON.
 * @throws Error where there is none, or of a format that this page cannot show.
 */
export function readEmbeddedReport(elementId: string): ReportSource {
  const text = document.getElementById(elementId)?.textContent;
  if (!text) throw new Error('This page holds no report.');
  const report = JSON.parse(text) as RunReport;
  if (report.format?.name !== REPORT_FORMAT.name || report.format.major !== REPORT_FORMAT.major) {
    throw new Error('The report in this page has a format that the page cannot show.');
  }
  return { current: () => report, subscribe: () => () => undefined };
}
