/** Calls over two streams, and their ends. */
import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { openWire } from '../../../src/cli/hosts/wire';
import { DistributedError } from '../../../src/errors';

interface Calls {
  double(request: { readonly value: number }): { readonly value: number };
  fail(request: { readonly ours: boolean }): { readonly value: number };
}

interface Events {
  said: { readonly word: string };
}

function pair() {
  const [there, back] = [new PassThrough(), new PassThrough()];
  const asking = openWire<Calls, Events, Events, object>(back, there, {});
  const answering = openWire<object, Events, Events, Calls>(there, back, {
    double: ({ value }) => ({ value: 2 * value }),
    fail: ({ ours }) => {
      if (ours) throw new DistributedError({ code: 'HOST_LOST', message: 'A fact.', remedy: 'A remedy.' });
      throw new Error('ENOSPC: no space left on device');
    },
  });
  return { there, back, asking, answering };
}

test('a call has its answer, and events come in their order', async () => {
  const { asking, answering } = pair();
  const words: string[] = [];
  answering.on('said', ({ word }) => words.push(word));
  asking.listen();
  answering.listen();
  void asking.send('said', { word: 'one' });
  void asking.send('said', { word: 'two' });
  expect(await asking.call('double', { value: 21 })).toEqual({ value: 42 });
  expect(words).toEqual(['one', 'two']);
});

test('errors travel: ours with code and remedy, others with their text', async () => {
  const { asking, answering } = pair();
  asking.listen();
  answering.listen();
  await expect(asking.call('fail', { ours: true })).rejects.toMatchObject({
    ...{ code: 'HOST_LOST', fact: 'A fact.', remedy: 'A remedy.' },
  });
  await expect(asking.call('fail', { ours: false })).rejects.toThrow('ENOSPC: no space left on device');
});

test('the end of a stream ends what is asked, and half a message keeps nothing alive', async () => {
  const { back, asking } = pair();
  let isClosed = false;
  asking.onClose(() => {
    isClosed = true;
  });
  asking.listen();
  const call = asking.call('double', { value: 1 });
  const countTimers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const before = countTimers();
  back.write('Content-Length: 1000\r\n\r\n{"jsonrpc"');
  await sleep(20);
  expect(countTimers()).toBe(before);
  back.destroy();
  await expect(call).rejects.toThrow();
  expect(isClosed).toBe(true);
  await asking.send('said', { word: 'to nobody' });
});
