export type MarkStatus = 'passed' | 'failed' | 'skipped' | 'todo' | 'flaky' | 'unproven' | 'error' | 'warning' | 'note';

// A shape each, so that nobody needs to tell the colours apart.
const shapes: Readonly<Record<MarkStatus, string>> = {
  passed: 'M4 8.5l2.7 2.7L12 5.5',
  failed: 'M5 5l6 6M11 5l-6 6',
  skipped: 'M4.5 8h7',
  todo: 'M8 4.5v3.7l2.4 1.8',
  flaky: 'M4 9c1.3-3 2.7-3 4-1s2.7 2 4-1',
  unproven: 'M6 6.2c0-2.6 4-2.5 4 0 0 1.5-2 1.5-2 3.1M8 11.6v.2',
  error: 'M8 4v4.6M8 11.4v.2',
  warning: 'M8 4v4.6M8 11.4v.2',
  note: 'M8 7.4v4M8 4.6v.2',
};

/** A small round sign; the word is for screen readers, unless it stands beside it. */
export function StatusMark({ status, silent = false }: { readonly status: MarkStatus; readonly silent?: boolean }) {
  return (
    <span class={`mark mark-${status}`}>
      <svg viewBox="0 0 16 16" aria-hidden="true" focusable="false">
        <circle cx="8" cy="8" r="8" />
        <path d={shapes[status]} />
      </svg>
      {silent ? null : <span class="unseen">{status}</span>}
    </span>
  );
}
