/** What differs from an earlier run. */
import { baseClauses, baseName, slowerTexts } from '../../src/reports/run-report/base-text';
import type { RunReport } from '../../src/reports/run-report/run-report';
import { countOf } from '../../src/reports/terminal/format';

export function BaseSection({ report }: { readonly report: RunReport }) {
  const { base } = report;
  if (base == null) return null;
  const clauses = baseClauses(report, base);
  if (clauses.length === 0) return null;
  const slower = slowerTexts(report, base);
  return (
    <section aria-labelledby="base">
      <h2 id="base">Compared with {baseName(base)}</h2>
      <p>{clauses.join(', ')}</p>
      {slower.length === 0 ? null : (
        <details>
          <summary>{countOf(slower.length, 'file')} slower</summary>
          <ul class="plain">
            {slower.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </details>
      )}
      {base.fixed.length === 0 ? null : (
        <details>
          <summary>{countOf(base.fixed.length, 'test')} failed then and passed now</summary>
          <ul class="plain">
            {base.fixed.map(({ project, path, test }) => (
              <li key={`${project} ${path} ${test}`}>
                {path}
                {test === null ? '' : ` › ${test}`}
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}
