/** The careful way to read a store: any layout, every mistake named with its line. */
import { DistributedError } from '../errors';
import { fileKey } from '../plan/item';
import { JsonProblem, type Located, readLocatedJson } from './json-with-lines';
import { type FileTimings, type NodesByCount, noParts, noTests, type Timings, timingsFormat } from './timings';

type Members = ReadonlyMap<string, Located>;

const conflictMarker = /^(?:<{7}|\|{7}|={7}|>{7})(?= |\r?$)/m;

/**
 * @param source path of the file, for messages
 * @throws DistributedError TIMINGS_CORRUPT with file and line; TIMINGS_TOO_NEW with the versions
 */
export function readStrictly(text: string, source: string): Timings {
  refuseWhatIsNoStore(text, source);
  try {
    return readStore(readLocatedJson(text), source);
  } catch (error) {
    if (error instanceof JsonProblem) throw corrupt(source, `line ${error.line}: ${error.message}`);
    throw error;
  }
}

function refuseWhatIsNoStore(text: string, source: string): void {
  if (text.trim() === '') throw corrupt(source, 'it is empty');
  if (text.startsWith('version https://git-lfs.github.com/spec/')) {
    throw new DistributedError({
      code: 'TIMINGS_NOT_CHECKED_OUT',
      message: `The timings file ${source} is a Git LFS pointer, not the file itself (line 1).`,
      remedy: 'Fetch it with "git lfs pull", or keep this file out of LFS: it is text and made to be diffed.',
    });
  }
  const marker = conflictMarker.exec(text);
  if (marker !== null) {
    throw new DistributedError({
      code: 'TIMINGS_CONFLICT',
      message: `The timings file ${source} holds an unresolved git conflict: line ${lineAt(text, marker.index)} is a "${marker[0]}" marker.`,
      remedy: `Take either side whole ("git checkout --ours -- ${source}" or "--theirs"): both are sound, and the next complete run evens out the rest.`,
    });
  }
}

function readStore(root: Located, source: string): Timings {
  const top = asObject(root, 'the file');
  const format = asObject(required(top, 'format', root), '"format"');
  const major = asInteger(required(format, 'major', root), '"format.major"', 1);
  const minor = asInteger(required(format, 'minor', root), '"format.minor"', 0);
  if (major > timingsFormat.major) {
    throw new DistributedError({
      code: 'TIMINGS_TOO_NEW',
      message: `The timings file ${source} has format ${major}.${minor}, and this version of jest-distributed reads format ${timingsFormat.major}.`,
      remedy: 'Upgrade jest-distributed here to the version that wrote the file (all nodes need the same one).',
    });
  }
  // A newer minor may hold fields that we do not know; in a file of our own minor they are a mistake.
  const lenient = minor > timingsFormat.minor;
  const only = (members: Members, names: readonly string[], where: string): void => {
    if (lenient) return;
    for (const [name, { line }] of members) {
      if (!names.includes(name)) throw new JsonProblem(line, `unknown field ${JSON.stringify(name)} in ${where}`);
    }
  };

  only(top, ['format', 'workers', 'assignments', 'projects'], 'the file');
  const workers = top.get('workers');
  const files = new Map<string, FileTimings>();
  for (const entry of asList(required(top, 'projects', root), '"projects"')) {
    const members = asObject(entry, 'a project');
    only(members, ['project', 'files'], 'a project');
    const project = asProjectName(required(members, 'project', entry));
    for (const [path, located] of asObject(required(members, 'files', entry), '"files"')) {
      const key = fileKey({ project, path });
      if (path === '') throw new JsonProblem(located.line, 'a file has an empty path');
      if (files.has(key)) throw new JsonProblem(located.line, `${JSON.stringify(path)} stands in this project twice`);
      files.set(key, readFile(project, path, located, only));
    }
  }
  const assignments = asList(top.get('assignments') ?? { line: 1, value: [] }, '"assignments"');
  return {
    workers: workers === undefined ? null : asInteger(workers, '"workers"', 1),
    assignments: assignments.map((count) => asInteger(count, 'a number of nodes in "assignments"', 1)),
    files,
  };
}

function readFile(
  project: string | null,
  path: string,
  located: Located,
  only: (members: Members, names: readonly string[], where: string) => void,
): FileTimings {
  const where = JSON.stringify(path);
  const members = asObject(located, where);
  only(members, ['ms', 'nodes', 'parts', 'tests'], where);
  const ms = members.get('ms');
  const nodes = members.get('nodes');
  const parts = members.get('parts');
  const tests = members.get('tests');
  return {
    project,
    path,
    durationMs: ms === undefined ? null : asInteger(ms, `"ms" of ${where}`, 0),
    tests: tests === undefined ? noTests : asIntegers(tests, `"tests" of ${where}`),
    nodes: nodes === undefined ? {} : asNodes(nodes, where),
    parts: parts === undefined ? noParts : asParts(parts, where),
  };
}

function asParts(located: Located, where: string): ReadonlyMap<string, NodesByCount> {
  const parts = new Map<string, NodesByCount>();
  for (const [part, nodes] of asObject(located, `"parts" of ${where}`)) parts.set(part, asNodes(nodes, where));
  return parts;
}

function asNodes(located: Located, where: string): NodesByCount {
  const nodes: Record<number, number> = {};
  for (const [count, entry] of asObject(located, `"nodes" of ${where}`)) {
    const total = Number(count);
    if (!/^[1-9]\d*$/.test(count)) throw new JsonProblem(entry.line, `"${count}" is not a number of nodes (${where})`);
    const node = asInteger(entry, `the node of ${where}`, 1);
    if (node > total) throw new JsonProblem(entry.line, `node ${node} of ${total} does not exist (${where})`);
    nodes[total] = node;
  }
  return nodes;
}

function asIntegers(located: Located, what: string): ReadonlyMap<string, number> {
  const integers = new Map<string, number>();
  for (const [name, value] of asObject(located, what)) {
    integers.set(name, asInteger(value, `${JSON.stringify(name)} in ${what}`, 0));
  }
  return integers;
}

function asInteger({ value, line }: Located, what: string, least: number): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least) return value;
  throw new JsonProblem(line, `${what} must be a whole number from ${least} up, and is ${describe(value)}`);
}

function asProjectName({ value, line }: Located): string | null {
  if (value === null || typeof value === 'string') return value;
  throw new JsonProblem(line, `"project" must be a name or null, and is ${describe(value)}`);
}

function asObject({ value, line }: Located, what: string): Members {
  if (value instanceof Map) return value;
  throw new JsonProblem(line, `${what} must be an object, and is ${describe(value)}`);
}

function asList({ value, line }: Located, what: string): readonly Located[] {
  if (Array.isArray(value)) return value;
  throw new JsonProblem(line, `${what} must be a list, and is ${describe(value)}`);
}

function required(members: Members, name: string, owner: Located): Located {
  const found = members.get(name);
  if (found === undefined) throw new JsonProblem(owner.line, `"${name}" is missing`);
  return found;
}

function describe(value: Located['value']): string {
  if (Array.isArray(value)) return 'a list';
  return value instanceof Map ? 'an object' : JSON.stringify(value);
}

function corrupt(source: string, what: string): DistributedError {
  return new DistributedError({
    code: 'TIMINGS_CORRUPT',
    message: `The timings file ${source} cannot be read: ${what}.`,
    remedy: `Restore it ("git checkout -- ${source}", or the last good artifact), or delete it: the next complete run writes a new one.`,
  });
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}
