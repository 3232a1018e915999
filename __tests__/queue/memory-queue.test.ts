import { createMemoryQueue } from '../../src/queue/memory-queue';
import { queueContract } from '../contracts/queue';

queueContract('the memory of one process', async () => {
  let nowMs = 0;
  const queue = createMemoryQueue({ now: () => nowMs });
  return {
    open: async () => queue,
    elapse: async (ms) => {
      nowMs += ms;
    },
    close: async () => {},
  };
});
