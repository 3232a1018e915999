import { useCopying } from './use-copying';

interface CopyButtonProps {
  readonly text: () => string;
  readonly label: string;
  readonly children: string;
}

/** Puts a text on the clipboard, and says whether it could. */
export function CopyButton({ text, label, children }: CopyButtonProps) {
  const { said, copy } = useCopying(text, () => 'Not allowed here');
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
