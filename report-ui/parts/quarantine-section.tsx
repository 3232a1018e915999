import { heldHeadline } from '../../src/reports/node/held-text';
import { quarantinedName } from '../../src/reports/run-report/quarantine-text';
import type { RunReport } from '../../src/reports/run-report/run-report';
import { AnsiText } from './ansi-text';

/** Failed tests that do not decide, each with its owner and its error. */
export function QuarantineSection({ report }: { readonly report: RunReport }) {
  const { quarantined = [] } = report;
  if (quarantined.length === 0) return null;
  return (
    <section aria-labelledby="quarantine">
      <h2 id="quarantine">{heldHeadline(quarantined.length)}</h2>
      <ul class="cards">
        {quarantined.map((one) => (
          <li key={quarantinedName(report, one)} class="failure flaky">
            <details>
              <summary>
                <span class="failure-name">{quarantinedName(report, one)}</span>
              </summary>
              <p>{one.reason}</p>
              {one.messages.map((text) => (
                <AnsiText key={text} text={text} label={`Error of ${one.name}`} isError />
              ))}
            </details>
          </li>
        ))}
      </ul>
    </section>
  );
}
