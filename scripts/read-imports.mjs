/** Which file of `src` imports which, types too: read from the text by scripts/check-layers.mjs and source-figures.mjs. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const specifiers = (text) =>
  [...text.matchAll(/(?:\bfrom|\bimport|\brequire(?:\.resolve)?)\s*\(?\s*'([^']+)'/g)].map(([, name]) => name);

/**
 * @param {string} folder - the folder of the sources.
 * @returns {Map<string, { text: string, packages: string[], targets: [string, string | undefined][] }>} by file, relative
 *   to the folder and with `/`: its text, the packages that it imports, and of each relative import the name and the file.
 */
export function readImports(folder) {
  const files = readdirSync(folder, { recursive: true })
    .map((file) => file.split(path.sep).join('/'))
    .filter((file) => /\.tsx?$/.test(file));
  const known = new Set(files);
  const resolve = (file, name) => {
    const base = path.posix.join(path.posix.dirname(file), name).replace(/\.js$/, '');
    return [`${base}.ts`, `${base}/index.ts`, `${base}.d.ts`].find((one) => known.has(one));
  };
  const read = (file) => {
    const text = readFileSync(path.join(folder, file), 'utf8');
    // Examples stand in comments; `require.resolve` of an entry names a file for Jest and imports nothing.
    const loaded = specifiers(text.replace(/^\s*\*.*$/gm, '').replace(/require\.resolve\('[^']*'\)/g, ''));
    const isRelative = (name) => name.startsWith('.');
    return {
      text,
      packages: loaded.filter((name) => !isRelative(name)),
      targets: loaded.filter(isRelative).map((name) => [name, resolve(file, name)]),
    };
  };
  return new Map(files.map((file) => [file, read(file)]));
}

/** Files that reach each other, in groups (Tarjan's strongly connected components). */
export function circlesOf(sources) {
  const groups = [];
  const order = new Map();
  const low = new Map();
  const stack = [];
  const visit = (file) => {
    order.set(file, order.size);
    low.set(file, order.get(file));
    stack.push(file);
    for (const [, next] of sources.get(file).targets) {
      if (next === undefined) continue;
      if (!order.has(next)) visit(next);
      if (stack.includes(next)) low.set(file, Math.min(low.get(file), low.get(next)));
    }
    if (low.get(file) !== order.get(file)) return;
    const group = stack.splice(stack.indexOf(file));
    if (group.length > 1) groups.push(group);
  };
  for (const file of sources.keys()) if (!order.has(file)) visit(file);
  return groups;
}
