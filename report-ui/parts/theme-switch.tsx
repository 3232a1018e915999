import { useState } from 'preact/hooks';

const key = 'jest-distributed.theme';
type Theme = 'light' | 'dark';

function stored(): Theme | null {
  try {
    const value = localStorage.getItem(key);
    return value === 'light' || value === 'dark' ? value : null;
  } catch {
    // A page in a sandbox has no storage.
    return null;
  }
}

/** Before the first drawing, so that nothing flashes. */
export function applyStoredTheme(): void {
  const theme = stored();
  if (theme !== null) document.documentElement.dataset.theme = theme;
}

export function ThemeSwitch() {
  const [theme, setTheme] = useState<Theme>(
    () => stored() ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'),
  );
  const other = theme === 'dark' ? 'light' : 'dark';
  const change = () => {
    document.documentElement.dataset.theme = other;
    try {
      localStorage.setItem(key, other);
    } catch {
      // It lasts as long as the page.
    }
    setTheme(other);
  };
  return (
    <button type="button" class="button theme" onClick={change} aria-label={`Use the ${other} theme`}>
      <svg viewBox="0 0 16 16" aria-hidden="true" focusable="false">
        {theme === 'dark' ? (
          <path d="M8 5a3 3 0 100 6 3 3 0 000-6zM8 0v2.5M8 13.5V16M0 8h2.5M13.5 8H16M2.3 2.3l1.8 1.8M11.9 11.9l1.8 1.8M2.3 13.7l1.8-1.8M11.9 4.1l1.8-1.8" />
        ) : (
          <path d="M13.5 9.5A6 6 0 016.5 2.5a6 6 0 107 7z" />
        )}
      </svg>
    </button>
  );
}
