/** Where in a run a file ran, in words. */
import type { Execution, Surroundings } from '../../flaky/order';
import { fileName } from '../../plan/item';
import { countOf } from '../terminal/format';

/** Names that a line shows of a list. */
const SHOWN = 6;

const nameOf = ({ file }: Execution): string => fileName(file);

/** The last ones of a list that ends where the reader looks. */
function lastOf(executions: readonly Execution[]): string {
  const hidden = executions.length - SHOWN;
  const shown = executions.slice(-SHOWN).map(nameOf).join(', ');
  return hidden > 0 ? `${countOf(hidden, 'other')} and ${shown}` : shown;
}

function firstOf(executions: readonly Execution[]): string {
  const hidden = executions.length - SHOWN;
  const shown = executions.slice(0, SHOWN).map(nameOf).join(', ');
  return hidden > 0 ? `${shown} and ${countOf(hidden, 'other')}` : shown;
}

/** `first in its worker`, `after a.test.js, b.test.js in the same worker`. */
export function beforeText({ before }: Surroundings): string {
  if (before === null) return 'its worker is not recorded';
  return before.length === 0 ? 'first in its worker' : `after ${lastOf(before)} in the same worker`;
}

/** `beside c.test.js`, `nothing ran beside it`. */
export function besideText({ beside }: Surroundings): string {
  return beside.length === 0 ? 'nothing ran beside it on its host' : `beside ${firstOf(beside)}`;
}
