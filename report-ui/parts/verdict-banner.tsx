import type { RunReport, TestOutcome } from '../../src/reports/run-report/run-report';
import { formatDuration } from '../../src/reports/terminal/format';
import { StatusMark } from './status-mark';

export const outcomeWord: Readonly<Record<TestOutcome, string>> = {
  passed: 'Passed',
  failed: 'Failed',
  unproven: 'Not proven',
};

/** The verdict, before anything else and not to be mistaken. */
export function VerdictBanner({ report }: { readonly report: RunReport }) {
  const { verdict, run, nodes } = report;
  return (
    <section class={`verdict verdict-${verdict.outcome}`} aria-labelledby="verdict">
      <StatusMark status={verdict.outcome} silent />
      <div>
        <h1 id="verdict" tabIndex={-1}>
          {outcomeWord[verdict.outcome]}
        </h1>
        <p class="headline">{verdict.headline}</p>
        {verdict.outcome !== 'failed' && verdict.problems.length > 0 ? <p>{verdict.problems.join('; ')}</p> : null}
        {verdict.database ? <p>{verdict.database}</p> : null}
        <p class="facts">
          <span>Run {run.id}</span>
          {run.attempt > 1 ? <span>attempt {run.attempt}</span> : null}
          {run.label === null ? null : <span>{run.label}</span>}
          {run.commit === null ? null : <span class="mono">{run.commit.slice(0, 10)}</span>}
          <span>{nodes.length === 1 ? '1 node' : `${nodes.length} nodes`}</span>
          <span>{formatDuration(run.durationMs)}</span>
          {run.startMs === null ? null : (
            <time dateTime={new Date(run.startMs).toISOString()}>{new Date(run.startMs).toLocaleString()}</time>
          )}
        </p>
      </div>
    </section>
  );
}
