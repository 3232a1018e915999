/** Which blobs are meant, as `merge` and `verify` are told. */
import path from 'node:path';
import type { ArgumentsCamelCase, Argv } from 'yargs';
import { DistributedError } from '../errors';
import type { Options } from '../options/resolve';
import type { Expectations } from '../results/proof';

export function blobFlags(argv: Argv): Argv {
  return argv
    .positional('dirs', { type: 'string', array: true, describe: 'Folders with blobs; default: the report dir' })
    .options({
      'expect-nodes': { type: 'string', requiresArg: true, describe: 'Number of nodes that must have run' },
      'run-id': { type: 'string', requiresArg: true, describe: 'The run that is meant' },
      label: { type: 'string', requiresArg: true, describe: 'The label that is meant' },
    });
}

export function blobPlaces(argv: ArgumentsCamelCase, { reportDir }: Options): string[] {
  const named = (argv.dirs as string[] | undefined) ?? [];
  return named.length > 0 ? named.map((place) => path.resolve(place)) : [reportDir.value];
}

/** @throws DistributedError `EXPECT_NODES_INVALID`. */
export function blobExpectations(argv: ArgumentsCamelCase): Expectations {
  const { expectNodes, runId, label } = argv;
  const count = Number(expectNodes);
  if (expectNodes !== undefined && !(Number.isInteger(count) && count >= 1)) {
    throw new DistributedError({
      code: 'EXPECT_NODES_INVALID',
      message: `The number of expected nodes is "${String(expectNodes)}" (from --expect-nodes).`,
      remedy: 'Give a whole number, 1 or more.',
    });
  }
  return {
    ...(expectNodes !== undefined && { expectNodes: count }),
    ...(typeof runId === 'string' && { runId }),
    ...(typeof label === 'string' && { label }),
  };
}
