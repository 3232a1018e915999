import { useEffect, useState } from 'preact/hooks';

interface CopyButtonProps {
  readonly text: () => string;
  readonly label: string;
  readonly children: string;
}

/** Puts a text on the clipboard, and says whether it could. */
export function CopyButton({ text, label, children }: CopyButtonProps) {
  const [said, say] = useState('');
  useEffect(() => {
    if (said === '') return undefined;
    const timer = setTimeout(() => say(''), 2000);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text());
      say('Copied');
    } catch {
      say('Not allowed here');
    }
  };
  return (
    <p class="copy-failure">
      <button type="button" class="button" onClick={() => void copy()} aria-label={label}>
        {said || children}
      </button>
      <span class="unseen" role="status">
        {said}
      </span>
    </p>
  );
}
