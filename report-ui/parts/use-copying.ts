import { useEffect, useState } from 'preact/hooks';

/** How long a button says what came of it. */
const SAID_MS = 2000;

export interface Copying {
  /** `Copied`, or what was done where that is not allowed; empty again soon. */
  readonly said: string;
  readonly copy: () => Promise<void>;
}

/**
 * Puts a text on the clipboard.
 *
 * @param otherwise what is done without permission, or in an old browser; says what.
 */
export function useCopying(text: () => string, otherwise: () => string): Copying {
  const [said, say] = useState('');
  useEffect(() => {
    if (said === '') return undefined;
    const timer = setTimeout(() => say(''), SAID_MS);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text());
      say('Copied');
    } catch {
      say(otherwise());
    }
  };
  return { said, copy };
}
