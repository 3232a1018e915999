import type { FileEntry } from '../model/report-index';
import { AnsiText } from './ansi-text';

/** What a failed file printed, node by node. */
export function ConsoleOutput({ file }: { readonly file: FileEntry }) {
  if (file.consoles.length === 0) return null;
  return (
    <section aria-labelledby="console">
      <h2 id="console">Console</h2>
      {file.consoles.map(({ run, entries }) => (
        <div key={`${run.node} ${run.startOffsetMs}`}>
          {file.runs.length > 1 ? <h3>Node {run.node}</h3> : null}
          <ul class="console">
            {entries.map((entry, index) => (
              <li key={index} class={`console-${entry.type}`}>
                <span class="console-type">{entry.type}</span>
                <AnsiText text={entry.message} label={`console.${entry.type} ${index + 1}`} />
                {entry.origin === '' ? null : <span class="origin">{entry.origin}</span>}
              </li>
            ))}
          </ul>
        </div>
      ))}
    </section>
  );
}
