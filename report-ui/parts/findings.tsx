import { countOf } from '../../src/reports/durations';
import type { Finding } from '../../src/results/finding';
import { MoreList } from './more-list';
import { StatusMark } from './status-mark';

const titles = { error: 'What is not proven', warning: 'Worth a look', note: 'How it went' };

/** What the proof has to say; notes fold away where there is something graver. */
export function Findings({ findings }: { readonly findings: readonly Finding[] }) {
  if (findings.length === 0) return null;
  const gravest = findings[0]?.severity ?? 'note';
  const grave = findings.filter(({ severity }) => severity !== 'note');
  const notes = findings.filter(({ severity }) => severity === 'note');
  return (
    <section aria-labelledby="findings">
      <h2 id="findings">{titles[gravest]}</h2>
      {grave.length > 0 ? (
        <MoreList items={grave} step={20} noun="finding" name="findings" className="cards">
          {(finding) => <FindingCard finding={finding} />}
        </MoreList>
      ) : null}
      {notes.length > 0 ? (
        <details class="notes" open={grave.length === 0}>
          <summary>{countOf(notes.length, 'note')} on how it went</summary>
          <ul class="cards">
            {notes.map((finding) => (
              <FindingCard key={finding.message} finding={finding} />
            ))}
          </ul>
        </details>
      ) : null}
    </section>
  );
}

function FindingCard({ finding }: { readonly finding: Finding }) {
  const { severity, message, remedy, nodes, items } = finding;
  return (
    <li class={`finding finding-${severity}`}>
      <StatusMark status={severity} />
      <div>
        <p class="message">{message}</p>
        {remedy === '' ? null : <p class="remedy">{remedy}</p>}
        {items.length > 1 ? (
          <details>
            <summary>
              {countOf(items.length, 'item')}
              {nodes.length > 0 ? `, ${countOf(nodes.length, 'node')}` : ''}
            </summary>
            <ul class="items">
              {items.map((item) => (
                <li key={item}>{item}</li>
              ))}
            </ul>
          </details>
        ) : null}
      </div>
    </li>
  );
}
