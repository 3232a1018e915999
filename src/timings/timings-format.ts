/**
 * The timings store as text: versioned, sorted, one fact a line.
 *
 * The layout is one that Prettier and Biome leave alone, so that a committed store passes a project's own formatting
 * check, and a changed duration is a diff of one line.
 *
 * ```json
 * {
 *   "format": { "major": 1, "minor": 0 },
 *   "workers": 2,
 *   "assignments": [8, 4],
 *   "projects": [
 *     {
 *       "project": null,
 *       "files": {
 *         "src/a.test.js": {
 *           "ms": 1234,
 *           "nodes": { "4": 1, "8": 3 },
 *           "tests": {
 *             "adds two numbers": 3
 *           }
 *         }
 *       }
 *     }
 *   ]
 * }
 * ```
 */
import { skim } from './fast-parse';
import { sortedTests, testsOf } from './test-durations';
import { compareText, type FileTimings, type NodesByCount, type Timings, timingsFormat } from './timings';

export type { Timings } from './timings';

/**
 * Reads a store. Line ends of Windows and a byte order mark are understood; a newer minor version is read without the
 * fields that it added.
 *
 * @param stored the file as it is on disk; bytes are read faster than a text. They must not change afterwards.
 * @param source path of the file, for messages
 * @throws DistributedError TIMINGS_CORRUPT, TIMINGS_CONFLICT (git's markers), TIMINGS_NOT_CHECKED_OUT (Git LFS) or
 * TIMINGS_TOO_NEW, each naming the file and what is wrong with it. Tests are checked when `testsOf` reads them.
 */
export function parseTimings(stored: string | Buffer, source: string): Timings {
  const bytes = normalize(typeof stored === 'string' ? Buffer.from(stored) : stored);
  return skim(bytes, source) ?? readCarefully(bytes.toString('utf8'), source);
}

/** Loaded when it is needed, which is rare. */
function readCarefully(text: string, source: string): Timings {
  const { readStrictly } = require('./strict-parse') as typeof import('./strict-parse');
  return readStrictly(text, source);
}

function normalize(bytes: Buffer): Buffer {
  const unmarked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
  return unmarked.includes('\r\n') ? Buffer.from(unmarked.toString('utf8').replaceAll('\r\n', '\n')) : unmarked;
}

/**
 * Writes a store: the same bytes for the same knowledge, whatever order it was collected in.
 *
 * @throws DistributedError TIMINGS_CORRUPT, where tests that were still unread turn out to be damaged
 */
export function serializeTimings(timings: Timings): string {
  const { major, minor } = timingsFormat;
  const lines = ['{', `  "format": { "major": ${major}, "minor": ${minor} },`];
  if (timings.workers !== null) lines.push(`  "workers": ${timings.workers},`);
  if (timings.assignments.length > 0) lines.push(`  "assignments": [${timings.assignments.join(', ')}],`);
  const projects = filesByProject(timings);
  if (projects.length === 0) {
    lines.push('  "projects": []');
  } else {
    lines.push('  "projects": [');
    projects.forEach((files, index) => {
      lines.push('    {', `      "project": ${JSON.stringify(files[0]?.project)},`, '      "files": {');
      lines.push(files.map(fileText).join(',\n'));
      lines.push('      }', index < projects.length - 1 ? '    },' : '    }');
    });
    lines.push('  ]');
  }
  lines.push('}', '');
  return lines.join('\n');
}

/** The unnamed project first, then by name; inside, by path. */
function filesByProject(timings: Timings): FileTimings[][] {
  const projects = new Map<string | null, FileTimings[]>();
  for (const file of timings.files.values()) {
    const files = projects.get(file.project);
    if (files === undefined) projects.set(file.project, [file]);
    else files.push(file);
  }
  const names = [...projects.keys()].sort((a, b) => (a === null ? -1 : b === null ? 1 : compareText(a, b)));
  return names.map((name) => (projects.get(name) ?? []).sort((a, b) => compareText(a.path, b.path)));
}

function fileText(file: FileTimings): string {
  const members: string[] = [];
  if (file.durationMs !== null) members.push(`          "ms": ${file.durationMs}`);
  if (Object.keys(file.nodes).length > 0) members.push(`          "nodes": ${nodesText(file.nodes)}`);
  if (file.parts.size > 0) {
    const parts = [...file.parts].sort(([a], [b]) => compareText(a, b));
    members.push(blockText('parts', parts, nodesText));
  }
  const tests = sortedTests(testsOf(file));
  if (tests.length > 0) members.push(blockText('tests', tests, String));
  const name = JSON.stringify(file.path);
  return members.length === 0 ? `        ${name}: {}` : `        ${name}: {\n${members.join(',\n')}\n        }`;
}

function blockText<T>(name: string, entries: readonly [string, T][], valueText: (value: T) => string): string {
  const lines = entries.map(([key, value]) => `            ${JSON.stringify(key)}: ${valueText(value)}`);
  return `          "${name}": {\n${lines.join(',\n')}\n          }`;
}

function nodesText(nodes: NodesByCount): string {
  const entries = Object.entries(nodes).sort(([a], [b]) => Number(a) - Number(b));
  return entries.length === 0 ? '{}' : `{ ${entries.map(([count, node]) => `"${count}": ${node}`).join(', ')} }`;
}
