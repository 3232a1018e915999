/**
 * Holds src against its layers: a room imports only rooms that stand above it in the list, types too, and no two files
 * import each other, by whatever way round. The pure core starts no process and reads no file.
 *
 *     node scripts/check-layers.mjs
 */
import { builtinModules } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { circlesOf, readImports } from './read-imports.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

const CORE = [
  'shell',
  'errors',
  'workers',
  'options',
  'node',
  'plan',
  'timings',
  'select',
  'queue',
  'blob',
  'proof',
  'flaky',
  'reports',
];
const JEST = ['channels', 'host', 'planning', 'workers', 'split', 'queue', 'record', '', 'replay', 'probe'].map(
  (room) => `jest/${room}`,
);
const CLI = [
  'command-line',
  'planning',
  'database',
  'merging',
  'quarantine',
  'flaky',
  'local',
  'hosts',
  'commands',
  '',
].map((room) => `cli/${room}`);
const LAYERS = [...CORE, 'files', 'host-slots', 'postgres', 'dashboard', 'setups', ...JEST, ...CLI, 'entries'];

/** What the core may have of Node: functions of their arguments. */
const PURE_BUILTINS = new Set(['node:path', 'node:crypto', 'node:util', 'node:url', 'node:timers/promises']);

const sources = readImports(path.join(root, 'src'));

/** The layer of a file: its folder as far as the list goes; files of `src` itself are what users load. */
function layerOf(file) {
  const [first, second, third] = file.split('/');
  if (second === undefined) return first === 'errors.ts' ? 'errors' : 'entries';
  if (first !== 'jest' && first !== 'cli') return first;
  return `${first}/${third === undefined ? '' : second}`;
}

const problems = [];
for (const [file, { packages, targets }] of sources) {
  const layer = layerOf(file);
  const rank = LAYERS.indexOf(layer);
  if (rank < 0) problems.push(`src/${file}: the room ${layer} is in no layer (scripts/check-layers.mjs)`);
  for (const [name, target] of targets) {
    if (target === undefined) problems.push(`src/${file}: imports ${name}, which is not there`);
    else if (LAYERS.indexOf(layerOf(target)) > rank)
      problems.push(`src/${file}: ${layer} may not import ${layerOf(target)} (${target})`);
  }
  if (!CORE.includes(layer)) continue;
  for (const name of packages) {
    const isImpure = name.startsWith('node:') ? !PURE_BUILTINS.has(name) : builtinModules.includes(name);
    if (isImpure) problems.push(`src/${file}: ${layer} is pure and may not import ${name}`);
    else if (/^(jest|jest-.*|@jest\/.*|pg|@electric-sql\/.*|lilconfig|jiti)$/.test(name))
      problems.push(`src/${file}: ${layer} is pure and may not import ${name}`);
  }
}

for (const group of circlesOf(sources))
  problems.push(`A circle of imports: ${group.map((file) => `src/${file}`).join(', ')}`);
for (const problem of problems) console.error(problem);
console.log(`${sources.size} files, ${LAYERS.length} layers, ${problems.length} problems`);
process.exitCode = problems.length > 0 ? 1 : 0;
