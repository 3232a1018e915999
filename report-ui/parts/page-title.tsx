import type { ComponentChildren } from 'preact';

/** The heading that takes the focus when the page changes. */
export function PageTitle({ children }: { readonly children: ComponentChildren }) {
  return <h1 tabIndex={-1}>{children}</h1>;
}
