/**
 * What the nodes of a local run printed beside their results, shown once they have ended. It lies in files, and may be
 * more than memory holds.
 */
import { once } from 'node:events';
import { closeSync, createReadStream, openSync, readSync, statSync } from 'node:fs';
import path from 'node:path';
import { listNodes } from '../../proof/finding';
import { breakPrintedErrors, errorColumns } from '../../shell/message-lines';

/** Bytes of the beginning and of the end of a long output that are shown. */
const SHOWN_BYTES = 32 * 1024;

const INDENT = '  ';

export interface NodeOutput {
  /** 1-based. */
  readonly node: number;
  /** Absolute path of the file. */
  readonly log: string;
}

function readSpan(log: string, offset: number, bytes: number): string {
  const descriptor = openSync(log, 'r');
  try {
    const buffer = Buffer.alloc(bytes);
    return buffer.toString('utf8', 0, readSync(descriptor, buffer, 0, bytes, offset));
  } finally {
    closeSync(descriptor);
  }
}

const sizeOf = (log: string): number => statSync(log, { throwIfNoEntry: false })?.size ?? 0;

/** The whole text, or its beginning and end with a line between that names the file. */
function excerpt(log: string, size: number): string {
  if (size <= 2 * SHOWN_BYTES) return readSpan(log, 0, size);
  const head = readSpan(log, 0, SHOWN_BYTES).replace(/\n[^\n]*$/, '');
  const tail = readSpan(log, size - SHOWN_BYTES, SHOWN_BYTES).replace(/^[^\n]*\n/, '');
  const left = ((size - 2 * SHOWN_BYTES) / 2 ** 20).toFixed(1);
  const where = path.relative(process.cwd(), log);
  return `${head}\n… ${left} MiB omitted here; the complete output is in ${where} until the next local run\n${tail}`;
}

type Sink = Pick<NodeJS.WriteStream, 'write' | 'once'> & Partial<Pick<NodeJS.WriteStream, 'isTTY' | 'columns'>>;

/** Waits where the reader is slower than the file. */
async function write(sink: Sink, text: string): Promise<void> {
  if (!sink.write(text)) await once(sink as NodeJS.WriteStream, 'drain');
}

const title = (nodes: readonly number[]): string => `\noutput of ${listNodes(nodes)}:\n`;

async function showWhole(sink: Sink, { node, log }: NodeOutput): Promise<void> {
  await write(sink, title([node]) + INDENT);
  for await (const chunk of createReadStream(log, 'utf8'))
    await write(sink, String(chunk).replaceAll('\n', `\n${INDENT}`));
  await write(sink, '\n');
}

async function showExcerpts(sink: Sink, outputs: readonly NodeOutput[]): Promise<void> {
  // Nodes that met the same obstacle say the same.
  const nodes = new Map<string, number[]>();
  for (const { node, log } of outputs) {
    const text = excerpt(log, sizeOf(log)).trimEnd();
    nodes.set(text, [...(nodes.get(text) ?? []), node]);
  }
  const columns = errorColumns(sink);
  for (const [text, numbers] of nodes) {
    const shown = breakPrintedErrors(text, columns === null ? null : columns - INDENT.length);
    await write(sink, `${title(numbers)}${shown.replace(/^/gm, INDENT)}\n`);
  }
}

/** @param isVerbose in full, as a verbose Jest prints it; else long outputs are cut in the middle. */
export async function showOutputs(sink: Sink, outputs: readonly NodeOutput[], isVerbose: boolean): Promise<void> {
  const loud = outputs.filter(({ log }) => sizeOf(log) > 0);
  if (!isVerbose) return showExcerpts(sink, loud);
  for (const output of loud) await showWhole(sink, output);
}
