/** What ran around a file, from the report. */
import { type Execution, surroundingsOf } from '../../src/flaky/order';
import { beforeText, besideText } from '../../src/reports/plan/order-text';
import type { ReportFile, RunReport } from '../../src/reports/run-report/run-report';

const lists = new WeakMap<RunReport, Map<ReportFile, Execution>>();

function executionsOf(report: RunReport): Map<ReportFile, Execution> {
  const known = lists.get(report);
  if (known !== undefined) return known;
  const hosts = new Map(report.nodes.map(({ number, host }) => [number, host ?? `node ${number}`]));
  const executions = new Map(
    report.files.map((file): [ReportFile, Execution] => [
      file,
      {
        ...{ file, parts: file.parts, node: file.node, worker: file.worker, process: file.workerProcess ?? 1 },
        host: hosts.get(file.node) ?? '',
        startMs: file.startOffsetMs,
        endMs: file.startOffsetMs + file.durationMs,
        hasFailed: file.status === 'failed',
      },
    ]),
  );
  lists.set(report, executions);
  return executions;
}

/** `after a.test.js in the same worker; beside b.test.js`. */
export function orderText(report: RunReport, run: ReportFile): string {
  const executions = executionsOf(report);
  const own = executions.get(run);
  if (own === undefined || own.worker === null) return '';
  const around = surroundingsOf(own, [...executions.values()]);
  return `${beforeText(around)}; ${besideText(around)}`;
}
