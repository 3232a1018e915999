/** Events of a run in this process, for whoever comes, also later. */
import type { EventSource, FollowEnd } from './event-source';
import type { LiveEvent } from './events';

export interface EventHub extends EventSource {
  readonly publish: (event: LiveEvent) => void;
}

interface Follower {
  readonly tell: (events: readonly LiveEvent[]) => void;
  readonly end: (end: FollowEnd) => void;
}

export function createEventHub(): EventHub {
  const events: LiveEvent[] = [];
  const followers = new Set<Follower>();
  let hasEnded = false;
  return {
    publish: (event) => {
      events.push(event);
      for (const { tell } of followers) tell([event]);
      if (event.kind !== 'run-ended') return;
      hasEnded = true;
      for (const { end } of followers) end('finished');
    },
    follow: (tell, signal) => {
      if (events.length > 0) tell([...events]);
      if (hasEnded) return Promise.resolve('finished');
      return new Promise((resolve) => {
        const follower: Follower = {
          tell,
          end: (end) => {
            followers.delete(follower);
            resolve(end);
          },
        };
        followers.add(follower);
        signal.addEventListener('abort', () => follower.end('stopped'), { once: true });
      });
    },
  };
}
