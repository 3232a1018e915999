/** Starts the page that a merge wrote. */
import { render } from 'preact';
import { applyStoredTheme } from './parts/theme-switch';
import { readEmbeddedReport } from './source/embedded-report';
import { App } from './views/app';

applyStoredTheme();
const root = document.getElementById('app');
if (root !== null) {
  const source = readEmbeddedReport('report');
  // What stands there for browsers without scripts.
  root.replaceChildren();
  render(<App source={source} />, root);
}
// On paper nothing unfolds.
addEventListener('beforeprint', () => {
  for (const details of document.querySelectorAll('details')) details.open = true;
});
