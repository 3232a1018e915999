import { readFile, writeFile } from 'node:fs/promises';

export type Event = { readonly at: string; readonly name: string };

/** One JSON object a line; a line that was cut off at the end by a crash is left out. */
export async function readEvents(file: string): Promise<Event[]> {
  const lines = (await readFile(file, 'utf8')).split('\n');
  const complete = lines.slice(0, -1);
  return complete.map((line) => JSON.parse(line) as Event);
}

export async function appendEvent(file: string, event: Event): Promise<void> {
  await writeFile(file, `${JSON.stringify(event)}\n`, { flag: 'a' });
}
