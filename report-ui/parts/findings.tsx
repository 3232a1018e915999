import { type Finding, type FoldedFinding, foldFindings } from '../../src/proof/finding';
import { countOf } from '../../src/reports/terminal/format';
import { MoreList } from './more-list';
import { StatusMark } from './status-mark';

const titles = { error: 'What is not proven', warning: 'Worth a look', note: 'How it went' };

/** What the proof has to say of one gravity or more. */
export function Findings({ findings }: { readonly findings: readonly Finding[] }) {
  const gravest = findings[0]?.severity;
  if (gravest === undefined) return null;
  const id = `findings-${gravest}`;
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{titles[gravest]}</h2>
      <MoreList items={foldFindings(findings)} step={20} noun="finding" name={id} className="cards">
        {(folded) => <FindingCard key={folded.finding.message} {...folded} />}
      </MoreList>
    </section>
  );
}

function FindingCard({ finding, consequences }: FoldedFinding) {
  const { code, severity, message, remedy, nodes, items } = finding;
  return (
    <li class={`finding finding-${severity}`}>
      <StatusMark status={severity} />
      <div>
        <p class="message">
          {message} <code>[{code}]</code>
        </p>
        {remedy === '' ? null : <p class="remedy">{remedy}</p>}
        {consequences.length === 0 ? null : (
          <details>
            <summary>Because of this: {countOf(consequences.length, 'more finding')}</summary>
            <ul class="items">
              {consequences.map(({ code: effect, message: text }) => (
                <li key={text}>
                  {text} <code>[{effect}]</code>
                </li>
              ))}
            </ul>
          </details>
        )}
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
