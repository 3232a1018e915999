import { type ComponentChildren, createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { NO_LINKS } from '../../src/reports/run-report/report-links';
import { findSource, sourceAddress } from '../../src/reports/run-report/source-place';

/** Addresses of the run that the page shows. */
export const LinksContext = createContext(NO_LINKS);

/** To a page on the web: the text alone where there is no address. */
export function WebLink({ to, children }: { readonly to: string | null; readonly children: ComponentChildren }) {
  // A report may be of a newer version than this page, or come from elsewhere: nothing but the web is linked.
  if (to === null || !/^https?:\/\//.test(to)) return <>{children}</>;
  return (
    <a href={to} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  );
}

/** `src/cart.test.js:7`, where the failure was met. */
export function SourceLink({ messages }: { readonly messages: readonly string[] }) {
  const links = useContext(LinksContext);
  const place = findSource(messages);
  if (place === null) return null;
  return (
    <p class="source">
      at{' '}
      <WebLink to={sourceAddress(place, links)}>
        <code>
          {place.path}:{place.line}
        </code>
      </WebLink>
    </p>
  );
}
