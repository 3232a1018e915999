import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { appendEvent, readEvents } from '../src/event-log.js';

// Top-level await: only an ES module can do this.
const folder = await mkdtemp(path.join(tmpdir(), 'event-log-'));
const file = path.join(folder, 'events.jsonl');

beforeAll(async () => {
  await appendEvent(file, { at: '2026-01-01', name: 'started' });
  await appendEvent(file, { at: '2026-01-02', name: 'finished' });
});

afterAll(() => rm(folder, { recursive: true }));

test('reads what was appended', async () => {
  expect((await readEvents(file)).map(({ name }) => name)).toEqual(['started', 'finished']);
});

test('leaves out a line that was cut off', async () => {
  await appendFile(file, '{"at":"2026-01-03","na');
  expect(await readEvents(file)).toHaveLength(2);
});
