/** Asks the dashboard's server. */
import { useEffect, useState } from 'preact/hooks';
import type { Query } from './address';

export interface Answer<T> {
  /** Of the last question while the next one is on its way. */
  readonly data: T | undefined;
  /** A sentence; null where there is nothing wrong. */
  readonly error: string | null;
  readonly isWaiting: boolean;
}

async function ask<T>(path: string, query: Query, signal: AbortSignal): Promise<T> {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value) parameters.set(name, value);
  const response = await fetch(`api/${path}?${parameters}`, { signal });
  if (response.ok) return (await response.json()) as T;
  if (response.status === 401 || response.status === 403) throw new Error(await response.text());
  const { error } = (await response.json()) as { error?: { message?: string; code?: string } };
  const Kind = response.status >= 500 ? Away : Error;
  throw new Kind(
    error?.message ?? `The dashboard answered ${response.status}${error?.code ? ` (${error.code})` : ''}.`,
  );
}

/** What got no answer is asked again after so long. */
const AGAIN_MS = 5_000;

/** Asking again gives another answer: the dashboard or its database was away. */
class Away extends Error {}

/** @param refreshMs asks again after so long; 0: only where there was no answer. */
export function useAnswer<T>(path: string | null, query: Query, refreshMs = 0): Answer<T> {
  const [answer, setAnswer] = useState<Answer<T> & { readonly path: string | null }>({
    ...{ data: undefined, error: null, isWaiting: true, path },
  });
  const question = JSON.stringify(query);
  useEffect(() => {
    if (path === null) return undefined;
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const load = async () => {
      let nextMs = refreshMs;
      try {
        const data = await ask<T>(path, JSON.parse(question) as Query, stop.signal);
        setAnswer({ data, error: null, isWaiting: false, path });
      } catch (error) {
        if (stop.signal.aborted) return;
        if (nextMs === 0 && (error instanceof TypeError || error instanceof Away)) nextMs = AGAIN_MS;
        const text =
          error instanceof TypeError
            ? 'The dashboard does not answer: has it been ended?'
            : String((error as Error).message);
        setAnswer((before) => ({ ...before, error: text, isWaiting: false }));
      }
      // A page that nobody looks at asks for nothing.
      const again = () => {
        if (document.hidden) timer = setTimeout(again, nextMs);
        else void load();
      };
      if (nextMs > 0 && !stop.signal.aborted) timer = setTimeout(again, nextMs);
    };
    setAnswer((before) => ({ ...before, data: before.path === path ? before.data : undefined, isWaiting: true, path }));
    void load();
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [path, question, refreshMs]);
  return answer;
}
