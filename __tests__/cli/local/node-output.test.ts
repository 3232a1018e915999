import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { showOutputs } from '../../../src/cli/local/node-output';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'node-output-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function shown(texts: readonly string[], isVerbose: boolean): Promise<string> {
  const outputs = texts.map((text, index) => {
    const log = path.join(folder, `node-${index + 1}.log`);
    writeFileSync(log, text);
    return { node: index + 1, log };
  });
  let all = '';
  const sink = new Writable({
    // Full at once, so that every write waits for the one before.
    highWaterMark: 1,
    write(chunk, _encoding, done) {
      all += String(chunk);
      setImmediate(done);
    },
  });
  await showOutputs(sink as unknown as NodeJS.WriteStream, outputs, isVerbose);
  await new Promise((resolve) => sink.end(resolve));
  return all;
}

test('nodes that say the same are shown once, silent ones not at all', async () => {
  expect(await shown(['one\ntwo\n', '', 'one\ntwo\n', 'three'], false)).toBe(
    '\noutput of nodes 1 and 3:\n  one\n  two\n\noutput of node 4:\n  three\n',
  );
});

test('long output is cut at lines in its middle, and the file is named', async () => {
  const lines = Array.from({ length: 20_000 }, (_, index) => `line ${index} ä`);
  const text = await shown([lines.join('\n')], false);
  const told = text.split('\n').filter((line) => /^ {2}line/.test(line));
  expect(told[0]).toBe('  line 0 ä');
  expect(told.at(-1)).toBe('  line 19999 ä');
  for (const line of told) expect(line).toMatch(/^ {2}line \d+ ä$/);
  expect(text).toMatch(/… 0\.\d MiB omitted here; the complete output is in \S+node-1\.log until the next local run/);
  expect(text.length).toBeLessThan(100_000);
});

test('verbose: all of it, whatever its length', async () => {
  const lines = Array.from({ length: 20_000 }, (_, index) => `line ${index} ä`);
  const text = await shown([lines.join('\n')], true);
  expect(text).toBe(`\noutput of node 1:\n${lines.map((line) => `  ${line}`).join('\n')}\n`);
});
