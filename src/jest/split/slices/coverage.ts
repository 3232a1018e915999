/**
 * Coverage of several runs of one file → that of one run.
 */
import { createRequire } from 'node:module';
import { findHost } from '../../host/resolve-jest';
import type { V8Coverage } from './slice-types';

type Counters = { readonly [key: string]: unknown };

const COUNTERS = ['s', 'f', 'b', 'bT'];

function addCounts(one: unknown, other: unknown): unknown {
  if (typeof one === 'number') return one + (typeof other === 'number' ? other : 0);
  if (Array.isArray(one)) return one.map((count, index) => addCounts(count, (other as unknown[] | undefined)?.[index]));
  if (typeof one === 'object' && one !== null) {
    const more = (other ?? {}) as Counters;
    return Object.fromEntries(Object.entries(one).map(([key, count]) => [key, addCounts(count, more[key])]));
  }
  return one ?? other;
}

/** Adds up istanbul's counters. The same code was instrumented each time, so the maps beside them are equal. */
export function addCoverage(coverages: readonly Readonly<Record<string, object>>[]): Record<string, object> {
  const sum: Record<string, Counters> = {};
  for (const coverage of coverages) {
    for (const [file, data] of Object.entries(coverage) as [string, Counters][]) {
      const known = sum[file];
      const added = COUNTERS.filter((name) => known !== undefined && name in known).map((name) => [
        name,
        addCounts(known?.[name], data[name]),
      ]);
      sum[file] = known === undefined ? data : { ...known, ...Object.fromEntries(added) };
    }
  }
  return sum;
}

type MergeScripts = (scripts: V8Coverage['result'][]) => V8Coverage['result'];

/** As Jest's own coverage reporter merges; it only merges between test files, and not inside of one. */
function findMergeScripts(): MergeScripts {
  const reporters = createRequire(findHost(process.cwd()).resolve('@jest/reporters'));
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
