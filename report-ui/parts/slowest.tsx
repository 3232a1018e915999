import { formatDuration } from '../../src/reports/terminal/format';
import type { ReportIndex } from '../model/report-index';
import { NO_FILTER, writeRoute } from '../model/route';
import { FileLink, FilePath, TestLink } from './names';

const shown = 10;

export function Slowest({ index }: { readonly index: ReportIndex }) {
  const { slowestFiles, slowestTests } = index;
  const all = (page: 'files' | 'tests') => writeRoute({ page, filter: { ...NO_FILTER, sort: 'slowest' } });
  return (
    <div class="columns">
      <section aria-labelledby="slowest-files">
        <h2 id="slowest-files">Slowest files</h2>
        {slowestFiles.length === 0 ? <p class="empty">No file ran.</p> : null}
        <ol class="slowest">
          {slowestFiles.slice(0, shown).map((file) => (
            <li key={file}>
              <span class="duration">{formatDuration(file.durationMs)}</span>
              <FileLink file={file} />
            </li>
          ))}
        </ol>
        {index.files.length > shown ? <a href={all('files')}>All files, slowest first</a> : null}
      </section>
      <section aria-labelledby="slowest-tests">
        <h2 id="slowest-tests">Slowest tests</h2>
        {slowestTests.length === 0 ? <p class="empty">No test has a duration.</p> : null}
        <ol class="slowest">
          {slowestTests.slice(0, shown).map((test) => (
            <li key={test}>
              <span class="duration">{formatDuration(test.durationMs ?? 0)}</span>
              <span>
                <TestLink test={test} />
                <span class="where">
                  <FilePath project={test.file.project} path={test.file.path} />
                </span>
              </span>
            </li>
          ))}
        </ol>
        {index.tests.length > shown ? <a href={all('tests')}>All tests, slowest first</a> : null}
      </section>
    </div>
  );
}
