import { useEffect, useRef, useState } from 'preact/hooks';
import { commandLines } from '../../src/reports/commands';

const oneLine = { columns: Number.POSITIVE_INFINITY, color: false, unicode: true, interactive: false };

/** A command to copy into a shell. */
export function CommandLine({ words, label }: { readonly words: readonly string[]; readonly label: string }) {
  const command = commandLines(words, oneLine, '').join('\n');
  const code = useRef<HTMLElement>(null);
  const [said, say] = useState('');
  useEffect(() => {
    if (said === '') return undefined;
    const timer = setTimeout(() => say(''), 2000);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(command);
      say('Copied');
    } catch {
      // No permission, or an old browser: then at least it is selected.
      if (code.current) getSelection()?.selectAllChildren(code.current);
      say('Selected');
    }
  };
  return (
    <div class="command">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
      <figure tabIndex={0} aria-label={label}>
        <code ref={code}>{command}</code>
      </figure>
      <button type="button" class="button copy" onClick={() => void copy()} aria-label={`Copy: ${label}`}>
        {said || 'Copy'}
      </button>
      <span class="unseen" role="status">
        {said}
      </span>
    </div>
  );
}
