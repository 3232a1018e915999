import type { RunReport } from '../../src/reports/run-report/run-report';
import { countOf } from '../../src/reports/terminal/format';
import { WebLink } from './web-link';

/** Where the report comes from, and what it leaves out. */
export function RunFacts({ report: { run, omitted } }: { readonly report: RunReport }) {
  const { links } = run;
  const facts: readonly (readonly [name: string, value: string | null, address?: string | null])[] = [
    ['Run', run.attempt > 1 ? `${run.id}, attempt ${run.attempt}` : run.id, links.run],
    ['Label', run.label],
    ['Commit', run.commit, links.commit],
    ['CI', run.provider],
    ['Strategy', run.strategy],
    ['jest-distributed', run.packageVersion],
    ['Jest', run.jestVersions.join(', ') || null],
    ['Node.js', run.nodeVersions.join(', ') || null],
  ];
  const left = [
    ...(omitted.tests > 0 ? [countOf(omitted.tests, 'passing or skipped test')] : []),
    ...(omitted.failures > 0 ? [countOf(omitted.failures, 'failure')] : []),
    ...(omitted.texts > 0 ? [`part of ${countOf(omitted.texts, 'long text')}`] : []),
  ];
  return (
    <section aria-labelledby="about">
      <h2 id="about">About this run</h2>
      {left.length === 0 ? null : (
        <p class="left-out">Left out to keep this page light: {left.join(', ')}. The numbers above count all.</p>
      )}
      <dl class="run-facts">
        {facts.map(([name, value, address = null]) =>
          value === null ? null : (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <WebLink to={address}>{value}</WebLink>
              </dd>
            </div>
          ),
        )}
      </dl>
    </section>
  );
}
