export type Job = { readonly name: string; readonly everyMs: number; readonly run: () => void };

/** Runs jobs again and again until the signal says stop. */
export function schedule(jobs: readonly Job[], signal: AbortSignal): void {
  for (const job of jobs) {
    const timer = setInterval(job.run, job.everyMs);
    signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  }
}
