/** One run for all pages that show it. */
import { afterEach, expect, test } from '@jest/globals';
import { type LiveRoom, openLiveRoom, type RoomOptions } from '../../src/dashboard/live-room';
import { createEventHub } from '../../src/reports/live/event-hub';
import type { EventSource } from '../../src/reports/live/event-source';
import type { LiveMessage } from '../../src/reports/live/live-message';
import { dated, itemOf, planned, runOf } from '../reports/live/sample-run';

const RUN = runOf([planned(1, 'a.test.js')]);
const rooms: LiveRoom[] = [];

afterEach(() => {
  for (const room of rooms.splice(0)) room.close();
});

function open(source: EventSource, change: Partial<RoomOptions> = {}): LiveRoom {
  const textOf = (error: unknown) => (error as Error).message;
  const room = openLiveRoom(source, { onClose: () => undefined, textOf, againMs: 1, ...change });
  rooms.push(room);
  return room;
}

/** What a page is told, until a message of that kind came for the so-manieth time. */
function hear(room: LiveRoom, kind: LiveMessage['kind'], times = 1): Promise<LiveMessage[]> {
  const messages: LiveMessage[] = [];
  return new Promise((resolve) => {
    room.join((message) => {
      messages.push(message);
      if (messages.filter((one) => one.kind === kind).length === times) resolve(messages);
    });
  });
}

test('a source that fails is asked again, and pages hear why and then how the run stands', async () => {
  let asked = 0;
  const room = open({
    follow: async (tell, signal) => {
      asked += 1;
      if (asked < 4) throw new Error('The database does not answer.');
      tell([RUN, dated([0, { kind: 'node-started', node: 1 }])]);
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      return 'stopped';
    },
  });
  const messages = await hear(room, 'snapshot');
  expect(messages).toEqual([
    { kind: 'outage', text: 'The database does not answer.' },
    expect.objectContaining({ kind: 'snapshot', view: expect.objectContaining({ items: 1 }) }),
  ]);
  expect(asked).toBe(4);
});

test('who comes while it lasts sees how the run stood, and why nothing comes', async () => {
  let fail: () => void = () => undefined;
  let fails = 0;
  const room = open({
    follow: (tell) => {
      if (fails === 0) tell([RUN]);
      fails += 1;
      return new Promise((_, reject) => {
        fail = () => reject(new Error('Away.'));
        if (fails > 1) fail();
      });
    },
  });
  const first = hear(room, 'outage');
  fail();
  expect((await first).map(({ kind }) => kind)).toEqual(['snapshot', 'outage']);
  expect((await hear(room, 'outage')).map(({ kind }) => kind)).toEqual(['snapshot', 'outage']);
});

test('that nobody comes in closes by itself, and what it follows is let go', async () => {
  let isStopped = false;
  await new Promise<void>((onClose) => {
    open(
      {
        follow: (_tell, signal) =>
          new Promise((resolve) => {
            signal.addEventListener('abort', () => {
              isStopped = true;
              resolve('stopped');
            });
          }),
      },
      { onClose, lingerMs: 1 },
    );
  });
  expect(isStopped).toBe(true);
});

test('of a run that is over stays for who comes within a moment', async () => {
  const hub = createEventHub();
  for (const event of [RUN, dated([1, { kind: 'run-ended' }])]) hub.publish(event);
  const room = open(hub);
  const isEnd = await hear(room, 'end');
  expect(isEnd.map(({ kind }) => kind)).toEqual(['snapshot', 'end']);
  expect((await hear(room, 'end')).map(({ kind }) => kind)).toEqual(['snapshot', 'end']);
});

test('is left by one page and kept by the other', async () => {
  const hub = createEventHub();
  hub.publish(RUN);
  let isClosed = false;
  const onClose = () => {
    isClosed = true;
  };
  const room = open(hub, { onClose, lingerMs: 0 });
  const leave = room.join(() => undefined);
  const heard = hear(room, 'events');
  leave();
  hub.publish(dated([0, { kind: 'node-started', node: 1 }]));
  hub.publish(dated([1, { kind: 'file-started', node: 1, ...itemOf('a.test.js') }]));
  await heard;
  expect(isClosed).toBe(false);
});
