import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { findEntries, formatSelections, parseSelections } from '../../src/select/selection-lines';

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('/a.test.js', 'a\nb', '"],"', '__proto__'),
);

const entry = fc.record({
  testPath: text,
  projectId: text,
  selection: fc.record({
    mode: fc.constant('named' as const),
    file: fc.record({ project: fc.option(text), path: text }),
    unit: fc.constant('test' as const),
    mine: fc.array(text),
    elsewhere: fc.array(text),
    fallback: fc.boolean(),
  }),
});

const selections = fc.record({
  testRunners: fc.dictionary(
    fc.string({ minLength: 1 }).filter((id) => id !== '__proto__'),
    text,
  ),
  entries: fc.array(entry, { maxLength: 5 }),
});

test('what is written is read', () => {
  fc.assert(
    fc.property(selections, (written) => {
      expect(JSON.stringify(parseSelections(formatSelections(written)))).toEqual(JSON.stringify(written));
    }),
  );
});

test('a sandbox finds the entries of its file, and no other', () => {
  fc.assert(
    fc.property(selections, text, (written, other) => {
      const lines = formatSelections(written);
      for (const path of [other, ...written.entries.map(({ testPath }) => testPath)]) {
        expect(findEntries(lines, path)).toEqual(written.entries.filter(({ testPath }) => testPath === path));
      }
    }),
  );
});
