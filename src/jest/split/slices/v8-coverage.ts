/** V8's coverage of several runs of one file → that of one run. */
import { createRequire } from 'node:module';
import { resolveJest } from '../../host/resolve-jest';
import type { V8Coverage } from './slice-types';

type MergeScripts = (scripts: V8Coverage['result'][]) => V8Coverage['result'];

/** As Jest's own coverage reporter merges; it only merges between test files, and not inside of one. */
function findMergeScripts(): MergeScripts {
  const reporters = createRequire(resolveJest(process.cwd()).resolve('@jest/reporters'));
  return (reporters('@bcoe/v8-coverage') as { mergeScriptCovs: MergeScripts }).mergeScriptCovs;
}

/** Merges V8's ranges, script by script. */
export function mergeV8(coverages: readonly (readonly V8Coverage[])[]): V8Coverage[] {
  const byUrl = new Map<string, V8Coverage[]>();
  for (const entry of coverages.flat()) {
    const known = byUrl.get(entry.result.url);
    if (known === undefined) byUrl.set(entry.result.url, [entry]);
    else known.push(entry);
  }
  const mergeScripts = findMergeScripts();
  return [...byUrl.values()].map((entries) => {
    const [first] = entries as [V8Coverage];
    return entries.length === 1 ? first : { ...first, result: mergeScripts(entries.map(({ result }) => result)) };
  });
}
