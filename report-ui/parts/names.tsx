import type { FileEntry, TestEntry } from '../model/report-index';
import { type FileName, writeRoute } from '../model/route';
import { shownName } from '../model/shown-name';

/** A file's path, its folder quieter than its name. */
export function FilePath({ project, path: name }: FileName) {
  const path = shownName(name);
  const cut = path.lastIndexOf('/') + 1;
  return (
    <>
      {project === null ? null : <span class="chip">{shownName(project)}</span>}
      <span class="path">
        <span class="folder">{breakable(path.slice(0, cut))}</span>
        {breakable(path.slice(cut))}
      </span>
    </>
  );
}

/** Paths break after their slashes and dots rather than anywhere. */
function breakable(text: string) {
  return text.split(/(?<=[/._-])/).flatMap((part, index) => (index === 0 ? [part] : [<wbr key={index} />, part]));
}

export function FileLink({ file }: { readonly file: FileEntry }) {
  return (
    <a href={writeRoute({ page: 'file', project: file.project, path: file.path })}>
      <FilePath project={file.project} path={file.path} />
    </a>
  );
}

function testRoute({ file, name, occurrence }: TestEntry): string {
  return writeRoute({ page: 'test', project: file.project, path: file.path, name, occurrence });
}

export function TestTitle({ titles }: { readonly titles: readonly string[] }) {
  const suites = titles.slice(0, -1);
  return (
    <span class="title">
      {suites.length === 0 ? null : <span class="suites">{suites.join(' › ')} › </span>}
      {titles.at(-1)}
    </span>
  );
}

export function TestLink({ test }: { readonly test: TestEntry }) {
  return (
    <a href={testRoute(test)}>
      <TestTitle titles={test.titles} />
    </a>
  );
}
