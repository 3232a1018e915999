import { useMemo } from 'preact/hooks';
import { failedOf, repeatAllFailed } from '../../src/reports/run-report/reproduce-failures';
import type { RunReport } from '../../src/reports/run-report/run-report';
import { countOf } from '../../src/reports/terminal/format';
import { groupFailures } from '../model/failure-groups';
import type { FailureEntry, ReportIndex } from '../model/report-index';
import { NO_FILTER, writeRoute } from '../model/route';
import { BaseSection } from '../parts/base-section';
import { CommandLine } from '../parts/command-line';
import { FailureCard, failureName } from '../parts/failure-card';
import { Findings } from '../parts/findings';
import { FlakySection } from '../parts/flaky-cards';
import { NodeBars } from '../parts/node-bars';
import { QuarantineSection } from '../parts/quarantine-section';
import { RunFacts } from '../parts/run-facts';
import { Slowest } from '../parts/slowest';
import { Timeline } from '../parts/timeline';
import { Totals } from '../parts/totals';
import { VerdictBanner } from '../parts/verdict-banner';

const failuresShown = 10;
const failuresOpen = 3;

export function Overview({ index }: { readonly index: ReportIndex }) {
  const { report, failures } = index;
  const { omitted } = report;
  const groups = useMemo(() => groupFailures(failures), [failures]);
  const { findings } = report.verdict;
  return (
    <>
      <VerdictBanner report={report} />
      <Totals report={report} />
      <BaseSection report={report} />
      <Findings findings={findings.filter(({ severity }) => severity !== 'note')} />
      {failures.length === 0 ? null : (
        <section aria-labelledby="failures">
          <h2 id="failures">{countOf(failures.length + omitted.failures, 'failure')}</h2>
          <ul class="cards">
            {groups.slice(0, failuresShown).map((group, place) => {
              const failure = group.failures[0] as FailureEntry;
              const key = `${failureName(failure)} ${place}`;
              return <FailureCard key={key} failure={failure} isOpen={place < failuresOpen} group={group} />;
            })}
          </ul>
          {failures.length > Math.min(groups.length, failuresShown) ? (
            <p>
              <a href={writeRoute({ page: 'failures', filter: NO_FILTER })}>
                All {countOf(failures.length, 'failure')}
              </a>
            </p>
          ) : null}
          <RepeatFailed report={report} />
        </section>
      )}
      <QuarantineSection report={report} />
      <FlakySection index={index} />
      <NodeErrors index={index} />
      <NodeBars report={report} />
      <section aria-labelledby="timeline">
        <h2 id="timeline">Timeline</h2>
        <Timeline index={index} />
      </section>
      <Slowest index={index} />
      <Findings findings={findings.filter(({ severity }) => severity === 'note')} />
      <RunFacts report={report} />
    </>
  );
}

/** Where there is one failure, its own command says it. */
function RepeatFailed({ report }: { readonly report: RunReport }) {
  const failed = failedOf(report);
  if (failed.length < 2 || report.omitted.failures > 0) return null;
  const words = repeatAllFailed(failed, report.run.repeat);
  if (words === null) return null;
  return (
    <>
      <h3>Repeat all failed tests</h3>
      <CommandLine words={words} label="repeat all failed tests" />
    </>
  );
}

/** How to repeat the share of each node that went wrong. */
function NodeErrors({ index: { report } }: { readonly index: ReportIndex }) {
  const wrong = report.nodes.filter(
    ({ state, failedFiles, errors }) => state !== 'complete' || failedFiles > 0 || errors.length > 0,
  );
  if (wrong.length === 0) return null;
  return (
    <section aria-labelledby="repeat">
      <h2 id="repeat">Repeat a node's share</h2>
      <ul class="repeats">
        {wrong.slice(0, 8).map(({ number, repeat }) =>
          repeat === null ? null : (
            <li key={number}>
              <CommandLine words={repeat} label={`repeat node ${number}`} />
            </li>
          ),
        )}
      </ul>
    </section>
  );
}
