import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fileKey } from '../../src/plan/item';
import { parseTimings } from '../../src/timings/parse-timings';
import { emptyTimings, type FileTimings, type NodesByCount, type Timings } from '../../src/timings/timings';
import { serializeTimings } from '../../src/timings/timings-format';

const source = '.jest-distributed/timings.json';
/** Right whether git has the file, has it damaged, or does not know it. */
const startOver = `from an artifact or a commit ("git log --oneline -- ${source}" lists those that changed it, "git checkout <commit> -- ${source}" takes it from one). Or delete it, and drop --timings if that names it: the next complete run writes a new one.`;

const example = `{
  "format": { "major": 1, "minor": 0 },
  "workers": 2,
  "assignments": [8, 4],
  "projects": [
    {
      "project": null,
      "files": {
        "src/a.test.js": {
          "ms": 1234,
          "nodes": { "4": 1, "8": 3 },
          "parts": {
            "1 of 2": { "4": 1 },
            "2 of 2": { "4": 2 }
          },
          "tests": 2
        },
        "src/b.test.js": {
          "ms": 7
        }
      }
    },
    {
      "project": "web",
      "files": {
        "src/a.test.js": {
          "nodes": { "4": 2 }
        }
      }
    }
  ],
  "tests": [
    {
      "project": null,
      "files": {
        "src/a.test.js": {
          "adds two numbers": 3,
          "subtracts": 0
        }
      }
    }
  ]
}
`;

const nasty = [
  '__proto__',
  'constructor',
  '12',
  '',
  'a "quoted" \\ name',
  'line\nbreak',
  '}',
  '},',
  '<<<<<<<',
  '\u2028',
  '\ud800',
];
const name = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom(...nasty));
const nodesByCount = fc
  .uniqueArray(fc.integer({ min: 1, max: 50 }), { maxLength: 3 })
  .chain((counts) =>
    fc.tuple(...counts.map((count) => fc.tuple(fc.constant(count), fc.integer({ min: 1, max: count })))),
  )
  .map((entries) => Object.fromEntries(entries) as NodesByCount);
const file: fc.Arbitrary<FileTimings> = fc
  .record({
    project: fc.option(name),
    path: name.filter((path) => path !== ''),
    durationMs: fc.option(fc.nat()),
    tests: fc.array(fc.tuple(name, fc.nat()), { maxLength: 5 }).map((entries) => new Map(entries)),
    nodes: nodesByCount,
    parts: fc.array(fc.tuple(name, nodesByCount), { maxLength: 2 }).map((entries) => new Map(entries)),
  })
  .map(({ tests, ...entry }) => ({ ...entry, tests: () => tests, testCount: tests.size }));
const timings: fc.Arbitrary<Timings> = fc.record({
  workers: fc.option(fc.integer({ min: 1, max: 64 })),
  assignments: fc.uniqueArray(fc.integer({ min: 1, max: 50 }), { maxLength: 3 }),
  files: fc
    .uniqueArray(file, { selector: fileKey, maxLength: 8 })
    .map((files) => new Map(files.map((entry) => [fileKey(entry), entry]))),
});

/** The same knowledge with every test read. */
function unfold({ workers, assignments, files }: Timings, testCount?: number): unknown {
  return {
    workers,
    assignments,
    files: new Map(
      [...files].map(([key, entry]) => [
        key,
        { ...entry, tests: entry.tests(), nodes: { ...entry.nodes }, testCount: testCount ?? entry.testCount },
      ]),
    ),
  };
}

function messageOf(text: string): string {
  try {
    unfold(parseTimings(text, source));
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('expected an error');
}

describe('the text', () => {
  test('is what the documentation shows', () => {
    const read = parseTimings(example, source);
    expect(serializeTimings(read)).toBe(example);
    expect(read.workers).toBe(2);
    expect(read.assignments).toEqual([8, 4]);
    expect(read.files.get('src/a.test.js')).toMatchObject({ project: null, durationMs: 1234, nodes: { 4: 1, 8: 3 } });
    expect(read.files.get('web\0src/a.test.js')).toMatchObject({ project: 'web', durationMs: null, nodes: { 4: 2 } });
    expect([...(read.files.get('src/a.test.js') as FileTimings).tests()]).toEqual([
      ['adds two numbers', 3],
      ['subtracts', 0],
    ]);
  });

  test('comes back as the same knowledge, by the quick and by the careful reader', () => {
    fc.assert(
      fc.property(timings, (known) => {
        const text = serializeTimings(known);
        expect(unfold(parseTimings(text, source))).toEqual(unfold(known));
      }),
    );
  });

  test('of tests is not read before somebody asks for them', () => {
    const damaged = example.replace('"subtracts": 0', '"subtracts": -1');
    const entry = parseTimings(damaged, source).files.get('src/a.test.js') as FileTimings;
    expect([entry.durationMs, entry.testCount]).toEqual([1234, 2]);
    expect(() => entry.tests()).toThrow('line 38: "subtracts" in "tests" of "src/a.test.js" must be a whole number');
  });

  test('is the same for any order of the same knowledge', () => {
    const shuffled = timings.chain((known) =>
      fc.tuple(
        fc.constant(known),
        fc.shuffledSubarray([...known.files], { minLength: known.files.size }).map((entries) => ({
          ...known,
          files: new Map(
            entries.map(([key, entry]) => [
              key,
              {
                ...entry,
                tests: () => new Map([...entry.tests()].reverse()),
                parts: new Map([...entry.parts].reverse()),
              },
            ]),
          ),
        })),
      ),
    );
    fc.assert(fc.property(shuffled, ([known, other]) => expect(serializeTimings(other)).toBe(serializeTimings(known))));
  });

  test('changes by one line where one duration changes', () => {
    const changed = parseTimings(example.replace('"ms": 7', '"ms": 9'), source);
    const before = example.split('\n');
    const after = serializeTimings(changed).split('\n');
    expect(after.filter((line, index) => line !== before[index])).toEqual(['          "ms": 9']);
  });

  test('of nothing is readable', () => {
    expect(parseTimings(serializeTimings(emptyTimings), source)).toEqual(emptyTimings);
  });

  test('may have the line ends of Windows, a byte order mark, or another layout', () => {
    const expected = unfold(parseTimings(example, source));
    expect(unfold(parseTimings(example.replaceAll('\n', '\r\n'), source))).toEqual(expected);
    expect(unfold(parseTimings(`\ufeff${example}`, source))).toEqual(expected);
    expect(unfold(parseTimings(JSON.stringify(JSON.parse(example)), source))).toEqual(expected);
    expect(unfold(parseTimings(JSON.stringify(JSON.parse(example), null, '\t'), source))).toEqual(expected);
  });
});

test('durations of tests may stand with their file, as people write them by hand', () => {
  const { tests: own, ...rest } = JSON.parse(example) as {
    tests: { files: Record<string, unknown> }[];
    projects: { files: Record<string, object> }[];
  };
  const files = rest.projects[0]?.files as Record<string, object>;
  files['src/a.test.js'] = { ...files['src/a.test.js'], tests: own[0]?.files['src/a.test.js'] };
  expect(serializeTimings(parseTimings(JSON.stringify(rest, null, 2), source))).toBe(example);
  files['src/a.test.js'] = { tests: { late: -1 } };
  expect(() => parseTimings(JSON.stringify(rest, null, 2), source)).toThrow(
    'line 17: "late" in "tests" of "src/a.test.js" must be a whole number of 0 or more, and is -1.',
  );
});

describe('other versions', () => {
  test('a newer minor is read without what it added', () => {
    const newer = example
      .replace('"minor": 0', '"minor": 3')
      .replace('"workers": 2,', '"workers": 2,\n  "machine": { "cores": 8 },')
      .replace('"ms": 7', '"ms": 7,\n          "flaky": true');
    expect(unfold(parseTimings(newer, source))).toEqual(unfold(parseTimings(example, source)));
  });

  test('a newer major is an error, whatever else is in the file', () => {
    expect(messageOf('{ "format": { "major": 2, "minor": 1 }, "files": 7 }')).toBe(
      `jest-distributed: The timings file ${source} has format 2.1, and this version of jest-distributed reads format 1.
  Upgrade jest-distributed here to the version that wrote the file (all nodes need the same one).`,
    );
  });
});

describe('a damaged file is an error that names the line', () => {
  test.each([
    ['an empty file', '', 'it is empty.'],
    ['a file of blanks', ' \n', 'it is empty.'],
    ['another JSON file', '[1]', 'line 1: the file must be an object, and is a list.'],
    ['a file without format', '{ "projects": [] }', 'line 1: "format" is missing.'],
    ['a file without projects', '{ "format": { "major": 1, "minor": 0 } }', 'line 1: "projects" is missing.'],
    ['a truncated file', example.slice(0, -40), 'line 38: unexpected end of string.'],
    ['a lost comma', example.replace('1234,', '1234'), 'line 11: comma expected.'],
    ['a lost quote', example.replace('"adds two numbers"', '"adds two numbers'), 'line 37: unexpected end of string.'],
    ['a trailing comma', example.replace('"ms": 7', '"ms": 7,'), 'line 20: property name expected.'],
    ['a word', example.replace('1234', 'fast'), 'line 10: invalid symbol.'],
    ['text after the end', `${example}}`, 'line 44: end of file expected.'],
    ['endless nesting', '['.repeat(100), 'line 1: close bracket expected.'],
    [
      'a negative duration',
      example.replace('1234', '-1'),
      'line 10: "ms" of "src/a.test.js" must be a whole number of 0 or more, and is -1.',
    ],
    [
      'a fraction',
      example.replace('1234', '1.5'),
      'line 10: "ms" of "src/a.test.js" must be a whole number of 0 or more, and is 1.5.',
    ],
    [
      'a text for a number',
      example.replace('1234', '"1234"'),
      'line 10: "ms" of "src/a.test.js" must be a whole number of 0 or more, and is "1234".',
    ],
    [
      'a list for a file',
      example.replace('{\n          "ms": 7\n        }', '[]'),
      'line 18: "src/b.test.js" must be an object, and is a list.',
    ],
    [
      'an unknown field',
      example.replace('"ms": 7', '"seconds": 7'),
      'line 19: unknown field "seconds" in "src/b.test.js".',
    ],
    ['an unknown field on top', example.replace('workers', 'wrokers'), 'line 3: unknown field "wrokers" in the file.'],
    [
      'no workers',
      example.replace('"workers": 2', '"workers": 0'),
      'line 3: "workers" must be a whole number of 1 or more, and is 0.',
    ],
    [
      'a wrong assignment',
      example.replace('[8, 4]', '[8, null]'),
      'line 4: a number of nodes in "assignments" must be a whole number of 1 or more, and is null.',
    ],
    [
      'a node that does not exist',
      example.replace('{ "4": 2 }\n        }', '{ "4": 5 }\n        }'),
      'line 27: node 5 of 4 does not exist ("src/a.test.js").',
    ],
    [
      'a wrong number of nodes',
      example.replace('"8": 3', '"eight": 3'),
      'line 11: "eight" is not a number of nodes ("src/a.test.js").',
    ],
    ['a wrong project', example.replace('"web"', '7'), 'line 24: "project" must be a name or null, and is 7.'],
    ['a file without a path', example.replace('"src/b.test.js"', '""'), 'line 18: a file has an empty path.'],
    ['a project twice', example.replace('"web"', 'null'), 'line 26: "src/a.test.js" is in this project twice.'],
    [
      'a wrong duration of a test',
      example.replace('": 3,', '": -3,'),
      'line 37: "adds two numbers" in "tests" of "src/a.test.js" must be a whole number of 0 or more, and is -3.',
    ],
  ])('%s', (_, text, what) => {
    expect(messageOf(text)).toBe(
      `jest-distributed: The timings file ${source} cannot be read: ${what}
  Take a good version ${startOver}`,
    );
  });

  test('a name that stands twice counts once, as the last says: all nodes read the same file', () => {
    const doubled = parseTimings(example.replace('"subtracts"', '"adds two numbers"'), source);
    expect([...(doubled.files.get('src/a.test.js') as FileTimings).tests()]).toEqual([['adds two numbers', 0]]);
  });

  test.each(['<<<<<<< HEAD', '||||||| 12ab', '=======', '>>>>>>> topic'])('a conflict marker of git: %s', (marker) => {
    const [first, ...rest] = example.split('          "adds two numbers"');
    const text = `${first}${marker}\n          "adds two numbers"${rest.join('')}`;
    expect(messageOf(text)).toBe(
      `jest-distributed: The timings file ${source} holds an unresolved git conflict: line 37 is a "${marker.slice(0, 7)}" marker.
  Keep the lines of one side and delete the others with all markers: both sides are valid, and the next complete run corrects the differences. Or take a version without markers ${startOver}`,
    );
  });

  test('a pointer of Git LFS', () => {
    expect(messageOf('version https://git-lfs.github.com/spec/v1\noid sha256:12\nsize 3\n')).toContain(
      `The timings file ${source} is a Git LFS pointer and not the file itself (line 1).\n  Fetch it with "git lfs pull"`,
    );
  });

  test('whatever is cut out or put in: an error, or another sound store, but never a crash', () => {
    const inserted = fc.oneof(fc.string({ maxLength: 3 }), fc.constantFrom(...example.split('\n')));
    const damage = fc.tuple(fc.nat(example.length), fc.nat(30), inserted);
    fc.assert(
      fc.property(damage, ([at, length, filling]) => {
        const text = example.slice(0, at) + filling + example.slice(at + length);
        let read: Timings;
        try {
          read = parseTimings(text, source);
          unfold(read);
        } catch (error) {
          expect((error as { code?: string }).code).toMatch(/^TIMINGS_/);
          return;
        }
        // A wrong number of tests harms nobody: it is for people, before the tests are read.
        expect(unfold(parseTimings(serializeTimings(read), source), 0)).toEqual(unfold(read, 0));
      }),
      { numRuns: 500 },
    );
  });
});
