import { useEffect, useMemo, useState } from 'preact/hooks';
import { formatCount } from '../../src/reports/terminal/format';
import type { Filter } from '../model/filter';
import { indexReport, type ReportIndex } from '../model/report-index';
import { type ListName, NO_FILTER, type Route, writeRoute } from '../model/route';
import { CommandContext } from '../parts/command-line';
import { PageTitle } from '../parts/page-title';
import { ThemeSwitch } from '../parts/theme-switch';
import { outcomeWord } from '../parts/verdict-banner';
import { LinksContext } from '../parts/web-link';
import type { ReportSource } from '../source/report-source';
import { FilePage, TestPage } from './details';
import { FailuresPage, FilesPage, TestsPage, TimelinePage } from './lists';
import { Overview } from './overview';
import { useRoute } from './use-route';

/** The whole page over any source of reports. */
export function App({ source }: { readonly source: ReportSource }) {
  const [report, setReport] = useState(source.current());
  useEffect(() => source.subscribe(() => setReport(source.current())), [source]);
  const index = useMemo(() => indexReport(report), [report]);
  const [route, setFilter] = useRoute();
  useEffect(() => {
    document.title = `${titleOf(route)} · ${outcomeWord[report.verdict.outcome]} · run ${report.run.id}`;
  }, [route, report]);
  return (
    <>
      <button type="button" class="button skip" onClick={skipToMain}>
        Skip to the content
      </button>
      <Header index={index} route={route} />
      <main id="main" tabIndex={-1}>
        <CommandContext.Provider value={report.run}>
          <LinksContext.Provider value={report.run.links}>
            <Page index={index} route={route} onFilter={setFilter} />
          </LinksContext.Provider>
        </CommandContext.Provider>
      </main>
    </>
  );
}

/** Not a link, because the address after `#` is a route. */
function skipToMain(): void {
  document.getElementById('main')?.focus();
}

function titleOf(route: Route): string {
  switch (route.page) {
    case 'test':
      return route.name;
    case 'file':
      return route.path;
    default:
      return route.page.charAt(0).toUpperCase() + route.page.slice(1);
  }
}

function Header({ index, route }: { readonly index: ReportIndex; readonly route: Route }) {
  const { verdict } = index.report;
  const failures = index.failures.length + index.report.omitted.failures;
  const links: readonly (readonly [ListName, string])[] = [
    ['failures', failures > 0 ? `Failures ${formatCount(failures)}` : 'Failures'],
    ['timeline', 'Timeline'],
    ['files', 'Files'],
    ['tests', 'Tests'],
  ];
  const isAt = (page: string) => (route.page === page ? 'page' : undefined);
  return (
    <header class={`header header-${verdict.outcome}`}>
      <nav aria-label="Report">
        <a href={writeRoute({ page: 'overview' })} aria-current={isAt('overview')}>
          Overview
        </a>
        {links.map(([page, text]) => (
          <a key={page} href={writeRoute({ page, filter: NO_FILTER })} aria-current={isAt(page)}>
            {text}
          </a>
        ))}
      </nav>
      <ThemeSwitch />
    </header>
  );
}

interface PageProps {
  readonly index: ReportIndex;
  readonly route: Route;
  readonly onFilter: (filter: Filter) => void;
}

function Page({ index, route, onFilter }: PageProps) {
  switch (route.page) {
    case 'overview':
      return <Overview index={index} />;
    case 'failures':
      return <FailuresPage {...{ index, filter: route.filter, onFilter }} />;
    case 'timeline':
      return <TimelinePage {...{ index, filter: route.filter, onFilter }} />;
    case 'files':
      return <FilesPage {...{ index, filter: route.filter, onFilter }} />;
    case 'tests':
      return <TestsPage {...{ index, filter: route.filter, onFilter }} />;
    case 'file': {
      const file = index.findFile(route);
      return file === undefined ? <NotHere what={`file ${route.path}`} /> : <FilePage {...{ index, file }} />;
    }
    case 'test': {
      const test = index.findTest(route, route.name, route.occurrence);
      return test === undefined ? (
        <NotHere what={`test ${route.name} in ${route.path}`} />
      ) : (
        <TestPage {...{ index, test }} />
      );
    }
    default:
      return <NotHere what={`page ${route.address}`} />;
  }
}

function NotHere({ what }: { readonly what: string }) {
  return (
    <>
      <PageTitle>Not in this report</PageTitle>
      <p>
        This report has no {what}. <a href="#/">To the overview</a>
      </p>
    </>
  );
}
