/** Test files that a person may have meant by a path or a pattern that fits none. */
import { countEdits } from '../../options/did-you-mean';

/** At most so many are offered. */
const MOST = 3;

const withoutExtension = (name: string): string => name.replace(/(?<=[^/])\.[^/]*$/, '');

/** Stretches of a path with as many segments as were typed; each also without what stands behind the first dot. */
function formsOf(name: string, segments: number): string[] {
  const all = name.split('/');
  const stretches = all.flatMap((_, at) =>
    at + segments > all.length ? [] : [all.slice(at, at + segments).join('/')],
  );
  return [...stretches, ...stretches.map(withoutExtension)];
}

/** The nearest of the files, best first: those that hold what was typed, else those a slip of a few letters away. */
export function nearFiles(given: string, files: readonly string[]): string[] {
  const typed = given.replaceAll('\\', '/').replace(/^(?:\.\/)+/, '');
  if (typed === '') return [];
  const holding = files.filter((name) => name.includes(typed));
  if (holding.length > 0) return holding.slice(0, MOST);
  const segments = typed.split('/').length;
  const slips = Math.min(3, Math.max(1, Math.floor(typed.length / 3)));
  const near = files.flatMap((name) => {
    const forms = [name, ...formsOf(name, segments)];
    const edits = Math.min(...forms.map((form) => countEdits(typed.toLowerCase(), form.toLowerCase())));
    return edits > slips ? [] : [{ name, edits }];
  });
  const best = Math.min(...near.map(({ edits }) => edits));
  return near.flatMap(({ name, edits }) => (edits === best ? [name] : [])).slice(0, MOST);
}

/** `Did you mean a or b?`; null where nothing is near. @param given paths or patterns. */
export function didYouMean(given: readonly string[], files: readonly string[]): string | null {
  const near = [...new Set(given.flatMap((one) => nearFiles(one, files)))].slice(0, MOST);
  return near.length === 0 ? null : `Did you mean ${near.join(' or ')}?`;
}
