import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { identifyProcess, stateOf } from '../../src/host-slots/process-identity';
import { takeSlots } from '../../src/host-slots/slot-locks';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'slots-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A process that is gone. */
function deadOwner() {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  return { ...identifyProcess(), pid };
}

const lockOf = (slot: number, owner: object, journal: string | null = null, generation = 0) =>
  writeFileSync(path.join(folder, `${slot}.${generation}`), JSON.stringify({ owner, journal }));

test('blocks go up from 0 and never overlap', () => {
  const first = takeSlots(folder, 2, null);
  const second = takeSlots(folder, 3, null);
  expect([first.first, second.first]).toEqual([0, 2]);
  first.release();
  expect(takeSlots(folder, 1, null).first).toBe(0);
  // 1 is free, but two in a row are only behind the second block.
  expect(takeSlots(folder, 2, null).first).toBe(5);
});

test('slots of a process that is gone are free again, and files do not pile up', () => {
  lockOf(0, deadOwner());
  lockOf(1, identifyProcess());
  expect(takeSlots(folder, 1, null).first).toBe(0);
  expect(readdirSync(folder).sort()).toEqual(['0.1', '1.0']);
});

test('a number that was given to a later process is not the one that held the slot', () => {
  const { start } = identifyProcess();
  // Not every system can be asked when a process began.
  const expected = start === null ? 1 : 0;
  lockOf(0, { ...identifyProcess(), start: start === null ? null : `${start}0` });
  expect(takeSlots(folder, 1, null).first).toBe(expected);
});

test('a restart of the machine ends all processes of before', () => {
  const own = identifyProcess();
  expect(stateOf({ ...own, boot: own.boot === null ? null : 'another' })).toBe(own.boot === null ? 'alive' : 'dead');
});

test('a process of another container is taken for alive', () => {
  lockOf(0, { ...deadOwner(), space: 'pid:[1]' });
  expect(takeSlots(folder, 1, null).first).toBe(1);
});

test('a slot is not free before its owner was cleaned up after', () => {
  const journal = path.join(folder, 'journal');
  mkdirSync(journal);
  lockOf(0, deadOwner(), journal);
  expect(takeSlots(folder, 1, null).first).toBe(1);
  rmSync(journal, { recursive: true });
  expect(takeSlots(folder, 1, null).first).toBe(0);
});

test('a process that made a generation that is long past has not got the slot', () => {
  lockOf(0, identifyProcess(), null, 7);
  lockOf(0, deadOwner(), null, 3);
  expect(takeSlots(folder, 1, null).first).toBe(1);
});
