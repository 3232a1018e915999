/**
 * Breaks the code that proves a run, a little at a time, and looks whether a unit test notices.
 *
 *     node scripts/mutation-sample.mjs [--seed 1] [--sample 150] [--files src/proof/proof.ts,…] [--all] [--list]
 *
 * A mutant is one small change to one file: a condition negated, a bound moved by one, a finding or a filter left out,
 * an error made a warning. Each runs the unit tests that import the file most directly, then those that do so by one file
 * more; `--all` also runs the others where none of them fails, which takes a minute for a mutant that survives. The same seed draws the same sample from the same code. No file of the project is
 * touched: Jest's transform puts the mutant in the place of the file.
 *
 * Not every mutant that survives is a fault of the tests: some change nothing that can be seen. Those that could lose,
 * double or hide a test are worth one.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const { parseSync } = createRequire(import.meta.url)('@swc/core');

/** What decides whether a test counts as run. */
const SUBJECTS = [/^src\/(blob|proof|select)\//, /^src\/files\/(blob-|load-run|read-lines)/];
/** Tests that import the source; those of the other folders start commands. */
const TESTS = /^__tests__\/(?!e2e|examples|docs|postgres|support|contracts|fixtures).*\.test\.ts$/;
const TIMEOUT_MS = 120_000;

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    sample: { type: 'string', default: '150' },
    files: { type: 'string' },
    all: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
  },
});

function filesBelow(folder) {
  return readdirSync(path.join(root, folder)).flatMap((name) => {
    const file = `${folder}/${name}`;
    return statSync(path.join(root, file)).isDirectory() ? filesBelow(file) : [file];
  });
}

/** Files of the project that a file imports by a relative path; types too, which costs a run too many and no more. */
function importsOf(file) {
  const text = readFileSync(path.join(root, file), 'utf8');
  return [...text.matchAll(/(?:from|import|require)\s*\(?\s*'(\.[^']*)'/g)].flatMap(([, target]) => {
    const base = path.posix.join(path.posix.dirname(file), target);
    return [`${base}.ts`, `${base}/index.ts`, base].filter((one) => known.has(one));
  });
}

/** By file: its tests in groups, those with the shortest way to it first; of a group, those of its own name and folder. */
function testsByFile() {
  const users = new Map();
  for (const test of [...known].filter((file) => TESTS.test(file))) {
    const steps = new Map([[test, 0]]);
    // Grows while it is walked, so that every file is met by the shortest way.
    for (const [file, step] of steps)
      for (const used of importsOf(file)) if (!steps.has(used)) steps.set(used, step + 1);
    for (const [file, step] of steps) users.set(file, [...(users.get(file) ?? []), { test, step }]);
  }
  return new Map([...users].map(([file, tests]) => [file, groupTests(file, tests)]));
}

function groupTests(file, tests) {
  const nearest = Math.min(...tests.map(({ step }) => step));
  const own = path.basename(file, '.ts');
  const folder = path.dirname(file).replace(/^src/, '__tests__');
  const rank = (test) => (path.basename(test, '.test.ts') === own ? 0 : path.dirname(test) === folder ? 1 : 2);
  const group = (isIn) =>
    tests
      .filter(({ step }) => isIn(step - nearest))
      .map(({ test }) => test)
      .sort((one, other) => rank(one) - rank(other));
  const groups = [group((more) => more === 0), group((more) => more === 1)];
  return [...groups, ...(values.all ? [group((more) => more > 1)] : [])].filter((names) => names.length > 0);
}

/** A small generator of equal numbers on all machines. */
function randomNumbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const OPERATORS = {
  '===': ['!=='],
  '!==': ['==='],
  '<': ['<=', '>='],
  '>': ['>=', '<='],
  '<=': ['<', '>'],
  '>=': ['>', '<'],
  '&&': ['||'],
  '||': ['&&'],
  '+': ['-'],
  '-': ['+'],
};

/**
 * Every mutant of a file.
 *
 * @returns {{ file: string, kind: string, start: number, end: number, text: string }[]} offsets in bytes.
 */
function mutantsOf(file) {
  const source = readFileSync(path.join(root, file));
  // The parser counts from wherever it left off the last time; the statement before the file is the start.
  const { body } = parseSync(`0;${source}`, { syntax: 'typescript', target: 'es2022' });
  const base = body[0].span.start + 2;
  const found = [];
  const at = ({ span }) => [span.start - base, span.end - base];
  const textOf = (node) => source.subarray(...at(node)).toString();
  const add = (kind, node, text) => {
    const [start, end] = at(node);
    found.push({ file, kind, start, end, text });
  };
  const visit = (node) => {
    if (Array.isArray(node)) return node.forEach(visit);
    if (node === null || typeof node !== 'object') return;
    if (typeof node.type === 'string') {
      // Types are gone when the code runs.
      if (/^Ts(?!AsExpression|ConstAssertion|NonNull|Satisfies)/.test(node.type) || node.type === 'ImportDeclaration')
        return;
      mutate(node);
    }
    for (const [key, child] of Object.entries(node)) if (key !== 'span' && key !== 'typeAnnotation') visit(child);
  };
  const mutate = (node) => {
    switch (node.type) {
      case 'IfStatement':
      case 'WhileStatement':
      case 'ConditionalExpression':
        return add('negate condition', node.test, `!(${textOf(node.test)})`);
      case 'BinaryExpression':
        // Texts are put together with a plus too, and a minus there is no mutant that anybody would make.
        if (node.operator === '+' && /['`]/.test(textOf(node))) return;
        for (const operator of OPERATORS[node.operator] ?? []) {
          add(
            `${node.operator} becomes ${operator}`,
            node,
            `(${textOf(node.left)}) ${operator} (${textOf(node.right)})`,
          );
        }
        if (node.operator === '??') add('drop the fallback', node, textOf(node.left));
        return;
      case 'UnaryExpression':
        return node.operator === '!' && add('drop the negation', node, textOf(node.argument));
      case 'NumericLiteral':
        return add('off by one', node, String(node.value + 1));
      case 'BooleanLiteral':
        return add('other boolean', node, String(!node.value));
      case 'StringLiteral':
        if (node.value === 'error') add('error becomes warning', node, "'warning'");
        if (node.value === 'warning') add('warning becomes error', node, "'error'");
        return;
      case 'ArrayExpression':
        // Where it lists what goes out: one finding, one part less.
        node.elements.forEach((_, index) => {
          if (node.elements.some((element) => element === null)) return;
          const rest = node.elements.filter((_, other) => other !== index);
          const text = rest.map(({ spread, expression }) => `${spread ? '...' : ''}${textOf(expression)}`).join(', ');
          add('drop an element', node, `[${text}]`);
        });
        return;
      case 'CallExpression': {
        const method = node.callee.property?.value;
        if (method === 'filter') add('drop the filter', node, textOf(node.callee.object));
        if (method === 'some' || method === 'every') {
          add(`${method} becomes the other`, node.callee.property, method === 'some' ? 'every' : 'some');
        }
        return;
      }
      case 'ExpressionStatement':
        return add('drop the statement', node, ';');
      case 'ContinueStatement':
      case 'BreakStatement':
        return add('go on', node, ';');
      case 'ReturnStatement':
        if (node.argument?.type === 'Identifier') add('return nothing', node, 'return undefined;');
    }
  };
  visit(body.slice(1));
  return found.map((mutant) => ({ ...mutant, source }));
}

function draw(mutants, count, random) {
  const left = [...mutants];
  const sample = [];
  while (sample.length < count && left.length > 0) sample.push(...left.splice(Math.floor(random() * left.length), 1));
  return sample;
}

const lineOf = ({ source, start }) => source.subarray(0, start).toString().split('\n').length;

/** The lines that the mutant changes, before and after. */
function diffOf(mutant) {
  const { source, start, end } = mutant;
  const from = source.lastIndexOf('\n', start - 1) + 1;
  const found = source.indexOf('\n', end);
  const to = found === -1 ? source.length : found;
  const lines = (sign, text) => text.split('\n').map((line) => `    ${sign} ${line.trim()}`);
  const before = source.subarray(from, to).toString();
  const after = `${source.subarray(from, start)}${mutant.text}${source.subarray(end, to)}`;
  return [...lines('-', before), ...lines('+', after)].join('\n');
}

const jest = path.join(root, 'node_modules', 'jest', 'bin', 'jest.js');
const work = mkdtempSync(path.join(tmpdir(), 'mutation-'));
const config = path.join(work, 'jest.config.json');
writeFileSync(
  config,
  JSON.stringify({
    rootDir: root,
    // Not node_modules: looking through it would take longer than most tests.
    roots: ['<rootDir>/src', '<rootDir>/__tests__'],
    transform: {
      '^.+\\.[cm]?ts$': [
        path.join(root, 'scripts', 'mutation-transform.cjs'),
        { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } },
      ],
    },
    watchman: false,
    bail: 1,
  }),
);

const running = new Set();

/** @returns whether a test failed, or nothing came to an end. */
function isNoticed(tests, environment) {
  return new Promise((resolve) => {
    const args = [jest, '--config', config, '--runInBand', '--silent', '--runTestsByPath', ...tests];
    const env = { ...process.env, ...environment };
    const child = spawn(process.execPath, args, { cwd: root, env, stdio: 'ignore' });
    running.add(child);
    const timer = setTimeout(() => child.kill('SIGKILL'), TIMEOUT_MS);
    child.on('exit', (code) => {
      clearTimeout(timer);
      running.delete(child);
      resolve(code !== 0);
    });
  });
}

const known = new Set([...filesBelow('src'), ...filesBelow('__tests__')].filter((file) => file.endsWith('.ts')));
const users = testsByFile();
const subjects = values.files?.split(',') ?? [...known].filter((file) => SUBJECTS.some((one) => one.test(file)));
const untested = subjects.filter((file) => !users.has(file));
const all = subjects.filter((file) => users.has(file)).flatMap(mutantsOf);
const sample = draw(all, Number(values.sample), randomNumbers(Number(values.seed)));

process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
  rmSync(work, { recursive: true, force: true });
});
process.on('SIGINT', () => process.exit(130));

if (values.list) {
  for (const mutant of sample) console.log(`${mutant.file}:${lineOf(mutant)} ${mutant.kind}\n${diffOf(mutant)}`);
  process.exit(0);
}

const started = Date.now();
const tests = [...new Set(sample.flatMap(({ file }) => users.get(file).flat()))];
console.log(`${sample.length} of ${all.length} mutants of ${subjects.length} files, seed ${values.seed}`);
if (untested.length > 0) console.log(`no unit test imports: ${untested.join(', ')}`);
const unchanged = spawnSync(process.execPath, [jest, '--config', config, '--runTestsByPath', ...tests], {
  cwd: root,
  encoding: 'utf8',
});
if (unchanged.status !== 0) {
  console.error(`The tests fail without any mutant:\n${unchanged.stderr.slice(-4000)}`);
  process.exit(2);
}

const survivors = [];
let next = 0;
async function runMutants() {
  for (let index = next++; index < sample.length; index = next++) {
    const mutant = sample[index];
    const file = path.join(work, `mutant-${index}.ts`);
    const { source, start, end, text } = mutant;
    writeFileSync(file, Buffer.concat([source.subarray(0, start), Buffer.from(text), source.subarray(end)]));
    const environment = { MUTATED_FILE: path.join(root, mutant.file), MUTANT: file };
    let killed = false;
    for (const tests of users.get(mutant.file)) killed ||= await isNoticed(tests, environment);
    console.log(`${killed ? 'killed  ' : 'SURVIVED'} ${mutant.file}:${lineOf(mutant)} ${mutant.kind}`);
    if (!killed) {
      console.log(diffOf(mutant));
      survivors.push(mutant);
    }
  }
}
await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, runMutants));

const byFile = new Map();
for (const { file } of sample) byFile.set(file, { drawn: (byFile.get(file)?.drawn ?? 0) + 1, survived: 0 });
for (const { file } of survivors) byFile.get(file).survived += 1;
console.log(
  `\n${sample.length - survivors.length} of ${sample.length} killed in ${Math.round((Date.now() - started) / 1000)} s`,
);
for (const [file, { drawn, survived }] of [...byFile].sort(([, a], [, b]) => b.survived - a.survived)) {
  if (survived > 0) console.log(`  ${file}: ${survived} of ${drawn} survived`);
}
