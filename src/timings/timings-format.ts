/**
 * The timings store as text: versioned, sorted, one fact a line.
 *
 * The layout is one that Prettier and Biome leave alone, so that a committed store passes a project's own formatting
 * check, and a changed duration is a diff of one line. Durations of single tests stand at the end, where planning by file
 * need not read them; with a file stands how many it has.
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
 *           "tests": 1
 *         }
 *       }
 *     }
 *   ],
 *   "tests": [
 *     {
 *       "project": null,
 *       "files": {
 *         "src/a.test.js": {
 *           "adds two numbers": 3
 *         }
 *       }
 *     }
 *   ]
 * }
 * ```
 */
import { compareText, type FileTimings, type NodesByCount, type Timings } from './timings';

/** The version this package writes. A newer minor only adds fields, so it can be read; a newer major cannot. */
export const timingsFormat = { major: 1, minor: 0 } as const;

/** Writes a store: the same bytes for the same durations, whatever order they were collected in. */
export function serializeTimings(timings: Timings): string {
  const { major, minor } = timingsFormat;
  const files = [...timings.files.values()];
  const tested = files.filter(({ tests }) => tests().size > 0);
  const members = [`  "format": { "major": ${major}, "minor": ${minor} }`];
  if (timings.workers !== null) members.push(`  "workers": ${timings.workers}`);
  if (timings.assignments.length > 0) members.push(`  "assignments": [${timings.assignments.join(', ')}]`);
  members.push(projectsText('projects', files, fileText));
  if (tested.length > 0) members.push(projectsText('tests', tested, testsText));
  return `{\n${members.join(',\n')}\n}\n`;
}

function projectsText(name: string, all: readonly FileTimings[], textOf: (file: FileTimings) => string): string {
  const projects = filesByProject(all).map((files) => {
    const project = `      "project": ${JSON.stringify(files[0]?.project)},`;
    const entries = files.map((file) => `        ${JSON.stringify(file.path)}: ${textOf(file)}`);
    return `    {\n${project}\n      "files": {\n${entries.join(',\n')}\n      }\n    }`;
  });
  return projects.length === 0 ? `  "${name}": []` : `  "${name}": [\n${projects.join(',\n')}\n  ]`;
}

/** The unnamed project first, then by name; inside, by path. */
function filesByProject(all: readonly FileTimings[]): FileTimings[][] {
  const projects = new Map<string | null, FileTimings[]>();
  for (const file of all) {
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
    const parts = sorted(file.parts).map(([part, nodes]) => `            ${JSON.stringify(part)}: ${nodesText(nodes)}`);
    members.push(`          "parts": {\n${parts.join(',\n')}\n          }`);
  }
  if (file.tests().size > 0) members.push(`          "tests": ${file.tests().size}`);
  return members.length === 0 ? '{}' : `{\n${members.join(',\n')}\n        }`;
}

function testsText({ tests }: FileTimings): string {
  const lines = sorted(tests()).map(([name, ms]) => `          ${JSON.stringify(name)}: ${ms}`);
  return `{\n${lines.join(',\n')}\n        }`;
}

const sorted = <Value>(entries: ReadonlyMap<string, Value>): [string, Value][] =>
  [...entries].sort(([a], [b]) => compareText(a, b));

function nodesText(nodes: NodesByCount): string {
  const entries = Object.entries(nodes).sort(([a], [b]) => Number(a) - Number(b));
  return entries.length === 0 ? '{}' : `{ ${entries.map(([count, node]) => `"${count}": ${node}`).join(', ')} }`;
}
