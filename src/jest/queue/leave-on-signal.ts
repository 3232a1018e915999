/** Gives leases back at once when the CI or a person ends this process. */
import { onStopSignal } from '../../files/processes';

/** The database may be what is wrong; nobody waits for it for long. */
const LONGEST_MS = 3000;

/**
 * @param leave what to do before the process ends.
 * @returns takes the handlers away again.
 */
export function leaveOnSignal(leave: () => Promise<unknown>): () => void {
  const remove = onStopSignal((signal) => {
    remove();
    let timer: NodeJS.Timeout | undefined;
    const tooLong = new Promise((resolve) => {
      timer = setTimeout(resolve, LONGEST_MS);
    });
    void Promise.race([leave().catch(() => undefined), tooLong]).then(() => {
      clearTimeout(timer);
      // Whoever else listens got the signal too and decides; else it does what it would have done without us.
      if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
    });
  });
  return remove;
}
