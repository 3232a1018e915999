import type { QueueLimits } from './queue';

/** How often a session sends a heartbeat, in milliseconds: three may be lost before its lease ends. */
export const heartbeatMs = ({ leaseMs }: Pick<QueueLimits, 'leaseMs'>): number => leaseMs / 4;
