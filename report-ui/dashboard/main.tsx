/** Starts the dashboard. */
import { render } from 'preact';
import { applyStoredTheme } from '../parts/theme-switch';
import { Dashboard } from './app';

applyStoredTheme();
const root = document.getElementById('app');
if (root !== null) {
  root.replaceChildren();
  render(<Dashboard />, root);
}
