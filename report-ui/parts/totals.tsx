import type { RunReport } from '../../src/reports/run-report/run-report';
import { formatCount, formatDuration } from '../../src/reports/terminal/format';
import { NO_FILTER, writeRoute } from '../model/route';

/** The run in numbers; each leads to its list. */
export function Totals({ report: { totals, run } }: { readonly report: RunReport }) {
  const list = (status: string) => writeRoute({ page: 'tests', filter: { ...NO_FILTER, status } });
  const numbers = [
    { name: 'tests', value: totals.tests, to: list(''), look: '' },
    { name: 'passed', value: totals.passed, to: list('passed'), look: totals.passed > 0 ? 'passed' : '' },
    { name: 'failed', value: totals.failed, to: list('failed'), look: totals.failed > 0 ? 'failed' : '' },
    { name: 'flaky', value: totals.flaky, to: list('flaky'), look: totals.flaky > 0 ? 'flaky' : '' },
    { name: 'skipped', value: totals.skipped, to: list('skipped'), look: '' },
    { name: 'todo', value: totals.todo, to: list('todo'), look: '' },
    { name: 'files', value: totals.files, to: writeRoute({ page: 'files', filter: NO_FILTER }), look: '' },
  ];
  return (
    <section aria-label="Totals">
      <ul class="totals">
        {numbers.map(({ name, value, to, look }) => (
          <li key={name}>
            <a href={to} class={look === '' ? undefined : `is-${look}`}>
              <strong>{formatCount(value)}</strong> {name}
            </a>
          </li>
        ))}
        <li>
          <span>
            <strong>{formatDuration(run.durationMs)}</strong> from start to end
          </span>
        </li>
        <li>
          <span>
            <strong>{formatDuration(totals.busyMs)}</strong> of test files
          </span>
        </li>
      </ul>
    </section>
  );
}
