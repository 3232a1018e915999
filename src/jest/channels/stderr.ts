/**
 * Lines of ours on stderr, also where a test has replaced `process.stderr.write` and not put it back: in band its process
 * is ours, and the last lines of a node would be lost.
 */
import { Writable } from 'node:stream';

// Of the class: what tests and reporters replace is the member of the stream.
const { write: originalWrite } = Writable.prototype;

const trusted = new Set<unknown>([process.stderr.write]);

/** To be called when all reporters are there and no test has run: Jest's own writes through one of its own. */
export function trustStderr(): void {
  trusted.add(process.stderr.write);
}

export function writeStderr(text: string): void {
  const current = process.stderr.write;
  if (trusted.has(current)) process.stderr.write(text);
  else Reflect.apply(originalWrite, process.stderr, [text]);
}
