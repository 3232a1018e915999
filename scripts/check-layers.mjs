/**
 * Holds src against its layers: a room imports only rooms that stand above it in the list, types too, and no two files
 * import each other, by whatever way round. The pure core starts no process and reads no file.
 *
 *     node scripts/check-layers.mjs
 */
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

const CORE = ['shell', 'errors', 'options', 'node', 'plan', 'timings', 'select', 'queue', 'blob', 'proof', 'reports'];
const JEST = ['channels', 'host', 'planning', 'split', 'queue', 'record', '', 'replay'].map((room) => `jest/${room}`);
const CLI = ['command-line', 'planning', 'database', 'merging', 'local', 'commands', ''].map((room) => `cli/${room}`);
const LAYERS = [...CORE, 'files', 'postgres', ...JEST, ...CLI, 'entries'];

/** What the core may have of Node: functions of their arguments. */
const PURE_BUILTINS = new Set(['node:path', 'node:crypto', 'node:util', 'node:url', 'node:timers/promises']);

const files = readdirSync(path.join(root, 'src'), { recursive: true })
  .map((file) => file.split(path.sep).join('/'))
  .filter((file) => /\.tsx?$/.test(file));
const known = new Set(files);

/** The layer of a file: its folder as far as the list goes; files of `src` itself are what users load. */
function layerOf(file) {
  const [first, second, third] = file.split('/');
  if (second === undefined) return first === 'errors.ts' ? 'errors' : 'entries';
  if (first !== 'jest' && first !== 'cli') return first;
  return `${first}/${third === undefined ? '' : second}`;
}

const specifiers = (text) =>
  [...text.matchAll(/(?:\bfrom|\bimport|\brequire(?:\.resolve)?)\s*\(?\s*'([^']+)'/g)].map(([, name]) => name);

function resolve(file, name) {
  const base = path.posix.join(path.posix.dirname(file), name).replace(/\.js$/, '');
  return [`${base}.ts`, `${base}/index.ts`, `${base}.d.ts`].find((one) => known.has(one));
}

const problems = [];
const imports = new Map();
for (const file of files) {
  const layer = layerOf(file);
  const rank = LAYERS.indexOf(layer);
  if (rank < 0) problems.push(`src/${file}: the room ${layer} is in no layer (scripts/check-layers.mjs)`);
  // `require.resolve` of an entry names a file for Jest and imports nothing; examples stand in comments.
  const text = readFileSync(path.join(root, 'src', file), 'utf8').replace(/^\s*\*.*$/gm, '');
  const loaded = specifiers(text.replace(/require\.resolve\('[^']*'\)/g, ''));
  const targets = loaded.filter((name) => name.startsWith('.')).map((name) => [name, resolve(file, name)]);
  imports.set(
    file,
    targets.flatMap(([, target]) => target ?? []),
  );
  for (const [name, target] of targets) {
    if (target === undefined) problems.push(`src/${file}: imports ${name}, which is not there`);
    else if (LAYERS.indexOf(layerOf(target)) > rank)
      problems.push(`src/${file}: ${layer} may not import ${layerOf(target)} (${target})`);
  }
  if (!CORE.includes(layer)) continue;
  for (const name of loaded.filter((one) => !one.startsWith('.'))) {
    const isImpure = name.startsWith('node:') ? !PURE_BUILTINS.has(name) : builtinModules.includes(name);
    if (isImpure) problems.push(`src/${file}: ${layer} is pure and may not import ${name}`);
    else if (/^(jest|jest-.*|@jest\/.*|pg|@electric-sql\/.*|lilconfig|jiti)$/.test(name))
      problems.push(`src/${file}: ${layer} is pure and may not import ${name}`);
  }
}

/** Files that reach each other, in groups (Tarjan's strongly connected components). */
function circles() {
  const groups = [];
  const order = new Map();
  const low = new Map();
  const stack = [];
  const visit = (file) => {
    order.set(file, order.size);
    low.set(file, order.get(file));
    stack.push(file);
    for (const next of imports.get(file)) {
      if (!order.has(next)) visit(next);
      if (stack.includes(next)) low.set(file, Math.min(low.get(file), low.get(next)));
    }
    if (low.get(file) !== order.get(file)) return;
    const group = stack.splice(stack.indexOf(file));
    if (group.length > 1) groups.push(group);
  };
  for (const file of files) if (!order.has(file)) visit(file);
  return groups;
}

for (const group of circles()) problems.push(`A circle of imports: ${group.map((file) => `src/${file}`).join(', ')}`);
for (const problem of problems) console.error(problem);
console.log(`${files.length} files, ${LAYERS.length} layers, ${problems.length} problems`);
process.exitCode = problems.length > 0 ? 1 : 0;
