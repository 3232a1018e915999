/**
 * Figures of the sources of a checkout: how large, how entangled, how typed, how documented.
 *
 *     node scripts/source-figures.mjs [folder] [--json] [--tests]
 *
 * The folder is a checkout of this repository, this one if none is named; an older one needs no installed packages.
 * `--tests` builds it and times each of its Jest projects, which takes as long as they do and needs its packages.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { circlesOf, readImports } from './read-imports.mjs';

const here = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const { parseSync } = createRequire(import.meta.url)('@swc/core');
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean' }, tests: { type: 'boolean' } },
});
const root = path.resolve(positionals[0] ?? here);
const sources = readImports(path.join(root, 'src'));

const lineCount = (text) => text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Folders with files of their own; `src` itself is `.`. */
function sizesByFolder() {
  const entries = [...sources];
  return [...new Set(entries.map(([file]) => path.posix.dirname(file)))].sort().map((folder) => {
    const files = entries.filter(([file]) => path.posix.dirname(file) === folder);
    const sizes = files.map(([, { text }]) => lineCount(text));
    return {
      folder,
      files: files.length,
      lines: sum(sizes),
      median: median(sizes),
      max: Math.max(...sizes),
      imports: median(files.map(([, { targets }]) => targets.length)),
    };
  });
}

/** `value as Type`: each tells the compiler something that it does not know. `as const` tells it nothing. */
function castsOf(file, text) {
  const { body } = parseSync(text, { syntax: 'typescript', tsx: file.endsWith('x'), target: 'es2022' });
  let count = 0;
  const visit = (node) => {
    if (node === null || typeof node !== 'object') return;
    if (node.type === 'TsAsExpression' || node.type === 'TsTypeAssertion') count += 1;
    for (const child of Object.values(node)) visit(child);
  };
  visit(body);
  return count;
}

/** What a file declares and exports, and how much of it has a docstring right above. */
function docstringsOf(text) {
  const lines = text.split('\n');
  const isExport = (line) =>
    /^export (declare )?(default )?(async |abstract )?(function|class|const|let|interface|type|enum)\b/.test(line);
  // A function that is declared once for each of its forms is one export.
  const nameOf = (line) => /(?:function\*?|class|const|let|interface|type|enum) (\w+)/.exec(line)?.[1] ?? line;
  const documented = new Map();
  lines.forEach((line, index) => {
    if (!isExport(line)) return;
    const name = nameOf(line);
    documented.set(name, documented.get(name) === true || /\*\/\s*$/.test(lines[index - 1] ?? ''));
  });
  return { exports: documented.size, documented: [...documented.values()].filter(Boolean).length };
}

/** Exports, types too, that neither the project nor its tests use: as knip sees them. */
function unusedExports() {
  const knip = path.join(here, 'node_modules', 'knip', 'bin', 'knip.js');
  if (!existsSync(knip)) return undefined;
  const args = [knip, '--directory', root, '--include', 'exports,types', '--reporter', 'json', '--no-exit-code'];
  const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', cwd: root, maxBuffer: 1e8 });
  const found = /^\{.*$/m.exec(stdout ?? '');
  if (found === null) return undefined;
  const names = ({ file, exports = [], types = [] }) => [...exports, ...types].map(({ name }) => `${file}: ${name}`);
  return JSON.parse(found[0])
    .issues.flatMap(names)
    .filter((name) => name.startsWith('src/'));
}

/** Seconds and tests of each Jest project, one after the other. */
function timesOfTests() {
  const jest = path.join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  spawnSync('npm', ['run', 'build'], { cwd: root, stdio: 'ignore' });
  const config = readFileSync(path.join(root, 'jest.config.ts'), 'utf8');
  const projects = [...config.matchAll(/displayName: '(\w+)'/g)].map(([, name]) => name);
  return projects.map((project) => {
    const started = Date.now();
    const { stderr, status } = spawnSync(process.execPath, [jest, '--selectProjects', project], {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 1e9,
    });
    const tests = Number(/^Tests:.* (\d+) total/m.exec(stderr)?.[1] ?? 0);
    return { project, tests, seconds: Math.round((Date.now() - started) / 1000), green: status === 0 };
  });
}

const texts = [...sources].map(([file, { text }]) => [file, text]);
const lines = texts.map(([, text]) => lineCount(text));
const imports = [...sources.values()].map(({ targets }) => new Set(targets.map(([, target]) => target)).size);
const docs = texts.map(([, text]) => docstringsOf(text));
const unused = unusedExports();
const exported = sum(docs.map((one) => one.exports));
const figures = {
  files: sources.size,
  lines: sum(lines),
  linesPerFile: { median: median(lines), max: Math.max(...lines) },
  importsPerFile: { median: median(imports), max: Math.max(...imports) },
  circles: circlesOf(sources),
  casts: sum(texts.map(([file, text]) => castsOf(file, text))),
  exports: exported,
  unusedExports: unused,
  exportsWithDocstring: exported === 0 ? 1 : sum(docs.map((one) => one.documented)) / exported,
  folders: sizesByFolder(),
  ...(values.tests && { tests: timesOfTests() }),
};

if (values.json) console.log(JSON.stringify(figures, null, 2));
else {
  console.log(`files ${figures.files}, lines ${figures.lines}`);
  console.log(`lines per file: median ${figures.linesPerFile.median}, maximum ${figures.linesPerFile.max}`);
  console.log(`imports per file: median ${figures.importsPerFile.median}, maximum ${figures.importsPerFile.max}`);
  console.log(`circles of imports: ${figures.circles.length}`);
  for (const circle of figures.circles) console.log(`  ${circle.join(', ')}`);
  console.log(`as casts: ${figures.casts}`);
  console.log(`exports: ${exported}, with a docstring ${Math.round(figures.exportsWithDocstring * 100)} %`);
  console.log(`exports nobody uses: ${unused?.length ?? 'not known without knip'}`);
  console.table(figures.folders);
  if (figures.tests) console.table(figures.tests);
}
