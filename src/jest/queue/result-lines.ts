/**
 * Lines of this node's blob for the queue's database, made before a result is settled: what the database accepts it keeps
 * in the same step, and a merge needs no artifact of a machine that is gone.
 * The reporter makes the records and the runner delivers them.
 */
import { createHash } from 'node:crypto';
import * as zlib from 'node:zlib';
import type { BlobHeader, FileRecord, QueueRunRecord } from '../../blob/blob';
import { createBlobEncoder } from '../../blob/blob-lines';
import { keyName } from '../../blob/item-name';
import type { TreeRecord } from '../../blob/tree-line';
import type { BlobBeginning, BlobLines, PackedLines } from '../../queue/queue';
import { formatBytes } from '../../reports/terminal/format';
import { channel } from '../channels/channel';
import type { JestTest, JestTestResult } from '../host/jest-types';

// Taken when this module is loaded: a test that runs in this realm may replace it.
const { deflateRawSync } = zlib;

/** Compressed bytes of one result, and of all results of a node, that are kept. */
const MOST_OF_RESULT = 4 * 2 ** 20;
const MOST_OF_NODE = 256 * 2 ** 20;

export interface ResultLines {
  begin(tree: TreeRecord): BlobBeginning;
  /** Null where there is nothing to keep, or it is too much. */
  keep(test: JestTest, result: JestTestResult, run: QueueRunRecord, key: string): BlobLines | null;
}

export interface ResultLinesInit {
  readonly header: BlobHeader;
  readonly prepare: (test: JestTest, result: JestTestResult, run: QueueRunRecord) => FileRecord | undefined;
  /** Told what a person should know. */
  readonly notice: (text: string) => void;
  readonly mostOfResult?: number;
  readonly mostOfNode?: number;
}

const pack = (text: string): PackedLines => deflateRawSync(text).toString('base64');

const bytesOf = (packed: PackedLines): number => Math.floor((packed.length * 3) / 4);

export function createResultLines(init: ResultLinesInit): ResultLines {
  const { header, prepare, notice, mostOfResult = MOST_OF_RESULT, mostOfNode = MOST_OF_NODE } = init;
  const encoder = createBlobEncoder(header);
  let kept = 0;
  let isFull = false;

  const refuse = (fact: string): null => {
    notice(`${fact}, so it is not in the database: the merge needs the report folder of this node`);
    return null;
  };

  return {
    begin(tree) {
      const inputs = encoder.inputs + encoder.tree(tree);
      const inputsDigest = createHash('sha256').update(inputs).digest('hex');
      return { head: pack(encoder.head), inputs: pack(inputs), inputsDigest };
    },
    keep(test, result, run, key) {
      if (isFull) return null;
      const record = prepare(test, result, run);
      if (record === undefined) return null;
      const encoded = encoder.fileParts(record);
      const lines = pack(encoded.lines);
      const sources = encoded.sources === '' ? null : pack(encoded.sources);
      const bytes = bytesOf(lines) + bytesOf(sources ?? '');
      // Without these sources no later result could be read that refers to them.
      if (kept + bytes > mostOfNode || (sources !== null && bytes > mostOfResult)) {
        isFull = true;
        return refuse(
          `the results of this node exceed ${formatBytes(Math.min(kept + bytes, mostOfNode))}, from ${keyName(key)} on`,
        );
      }
      if (bytes > mostOfResult) return refuse(`the result of ${keyName(key)} is ${formatBytes(bytes)}`);
      kept += bytes;
      return { sources, lines };
    },
  };
}

const current = channel<ResultLines | undefined>('kept-results', () => undefined);

/** For our reporter, at the start of a run; undefined where nothing is kept. */
export const publishResultLines = current.publish;

export const readResultLines = current.read;
