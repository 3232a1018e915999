/** Whether a node must be named besides its number: a queue's nodes have names, and a restarted one is there twice. */
import type { ReportNode } from './run-report';

export function hasOwnName({ name, number }: ReportNode): boolean {
  return name !== null && name !== String(number);
}
