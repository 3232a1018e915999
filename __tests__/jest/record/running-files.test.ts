import { expect, test } from '@jest/globals';
import { followRunning } from '../../../src/jest/record/running-files';

function follow() {
  const said: string[] = [];
  const clock = { now: 0, refreshed: 0, isStopped: false, tick: (): void => undefined };
  const running = followRunning({
    onSilence: (text) => said.push(text),
    now: () => clock.now,
    startTicker: (tick) => {
      clock.tick = tick;
      return {
        refresh: () => {
          clock.refreshed += 1;
        },
        stop: () => {
          clock.isStopped = true;
        },
      };
    },
  });
  return { running, said, clock };
}

test('a silence names what runs, the oldest first, each time again', () => {
  const { running, said, clock } = follow();
  running.start('test/forever.test.js');
  clock.now = 60_000;
  clock.tick();
  clock.now = 90_000;
  for (const name of ['b', 'c', 'd', 'e']) running.start(name);
  clock.now = 150_000;
  clock.tick();
  expect(said).toEqual([
    'still running: test/forever.test.js for 1m 00s',
    'still running: test/forever.test.js for 2m 30s, b for 1m 00s, c for 1m 00s, 2 more files',
  ]);
});

test('a start and an end are news, and where nothing runs nothing is said', () => {
  const { running, said, clock } = follow();
  running.start('a');
  running.end('a');
  expect(clock.refreshed).toBe(2);
  clock.tick();
  expect([said, running.names()]).toEqual([[], []]);
  running.stop();
  expect(clock.isStopped).toBe(true);
});
