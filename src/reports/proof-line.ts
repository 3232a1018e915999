/** The last line of `verify`. */
import type { Verdict } from '../results/proof';
import { countOf } from './durations';
import { colorsOf, type Terminal } from './terminal';

export function proofLine({ ok, findings, counts }: Verdict, terminal: Terminal): string {
  const { green, red, bold } = colorsOf(terminal);
  const ran = `${counts.ranOnce} of ${countOf(counts.items, 'item')} ran exactly once`;
  const where = `${counts.accepted} of ${countOf(counts.nodes, 'node')}, ${countOf(counts.tests, 'test')}`;
  if (ok) return `${bold(green('proven'))}: ${ran} (${where})`;
  const errors = findings.filter(({ severity }) => severity === 'error');
  if (errors.length > 0 && errors.every(({ code }) => code === 'node-red')) {
    return `${bold(red('RED'))}: ${countOf(errors.length, 'node')} ended badly; ${ran} (${where})`;
  }
  return `${bold(red('NOT PROVEN'))}: ${countOf(errors.length, 'error')}; ${ran} (${where})`;
}
