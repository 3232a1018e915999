import { useEffect } from 'preact/hooks';
import type { DashboardFacts, Facets } from '../../src/reports/dashboard/data';
import { shownName } from '../model/shown-name';
import { PageTitle } from '../parts/page-title';
import { ThemeSwitch } from '../parts/theme-switch';
import { type Address, listAddress, useAddress } from './address';
import { HistoryContext } from './parts';
import { FailuresPage, FlakyPage, SlowPage } from './past-pages';
import { RunPage } from './run-page';
import { RunsPage } from './runs-page';
import { SubjectPage } from './subject-page';
import { useAnswer } from './use-answer';

const LISTS = [
  ['runs', 'Runs'],
  ['failures', 'Failures'],
  ['flaky', 'Flaky'],
  ['slow', 'Slow'],
] as const;

function titleOf({ page, id }: Address): string {
  if (page === 'run') return 'Run';
  if (page === 'file' || page === 'test') return id;
  return page.charAt(0).toUpperCase() + page.slice(1);
}

export function Dashboard() {
  const [address, narrow] = useAddress();
  const { data: facts } = useAnswer<DashboardFacts & Facets>('facts', {}, 60_000);
  const { page, id, tab, query } = address;
  useEffect(() => {
    document.title = `${titleOf(address)} · jest-distributed`;
  }, [address]);
  return (
    <>
      <button type="button" class="button skip" onClick={() => document.getElementById('main')?.focus()}>
        Skip to the content
      </button>
      <header class="header">
        <nav aria-label="Dashboard">
          {LISTS.filter(([name]) => name === 'runs' || facts?.hasHistory !== false).map(([name, text]) => (
            <a key={name} href={listAddress(name)} aria-current={page === name ? 'page' : undefined}>
              {text}
            </a>
          ))}
        </nav>
        <ThemeSwitch />
      </header>
      <HistoryContext.Provider value={facts?.hasHistory !== false}>
        <main id="main" tabIndex={-1}>
          {page === 'runs' ? <RunsPage {...{ query, narrow, facts }} /> : null}
          {page === 'run' ? <RunPage key={id} id={id} tab={tab} /> : null}
          {page === 'failures' ? <FailuresPage {...{ query, narrow, facts }} /> : null}
          {page === 'flaky' ? <FlakyPage {...{ query, narrow, facts }} /> : null}
          {page === 'slow' ? <SlowPage {...{ query, narrow, facts }} /> : null}
          {(page === 'file' || page === 'test') && facts?.hasHistory === false ? (
            <>
              <PageTitle>{shownName(id)}</PageTitle>
              <p>Nothing is known of other runs here: only a queue's database remembers them.</p>
            </>
          ) : null}
          {(page === 'file' || page === 'test') && facts?.hasHistory !== false ? (
            <SubjectPage
              key={`${id} ${query.name}`}
              path={id}
              isTest={page === 'test'}
              {...{ query, narrow }}
              pipelines={facts?.pipelines ?? []}
            />
          ) : null}
          {page === 'unknown' ? (
            <>
              <PageTitle>No such page</PageTitle>
              <p>
                <a href={listAddress('runs')}>To the runs</a>
              </p>
            </>
          ) : null}
          {facts === undefined ? null : <p class="place quiet">Data of {facts.place}</p>}
        </main>
      </HistoryContext.Provider>
    </>
  );
}
