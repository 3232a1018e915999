// Deletes the declarations that no entry of package.json's `exports` reaches: they would be half of the packed files, and
// nobody can import them. Called by scripts/build.mjs after the compiler.
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

/** @param {string} root - the checkout, with its `dist`. */
export function keepPublicTypes(root) {
  const { exports } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const entries = Object.values(exports).flatMap(({ types }) => (types ? path.join(root, types) : []));
  // Grows while it is walked.
  const reached = new Set(entries);
  for (const file of reached) {
    const text = readFileSync(file, 'utf8');
    for (const [, name] of text.matchAll(/(?:\bfrom|\bimport|\brequire)\s*\(?\s*["'](\.[^"']+)["']/g)) {
      const base = path.join(path.dirname(file), name);
      const target = [`${base}.d.ts`, path.join(base, 'index.d.ts')].find((one) => existsSync(one));
      if (target === undefined) throw new Error(`${file} needs the types of ${name}, which are not there.`);
      reached.add(target);
    }
  }
  const dist = path.join(root, 'dist');
  for (const name of readdirSync(dist, { recursive: true })) {
    const file = path.join(dist, name);
    if (name.endsWith('.d.ts') && !reached.has(file)) rmSync(file);
  }
}
