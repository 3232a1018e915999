/**
 * The order in which a run really ran its files: which before which in one worker, and which beside which on one host.
 *
 * A blob holds of each execution its worker, the process of that worker, and when it began and ended. All clocks of one
 * host are one; those of two hosts are never compared.
 */
import type { TestFile } from '../plan/item';

/** One execution of a file or of a part of it, whether its result counts or not. */
export interface Execution {
  readonly file: TestFile;
  /** Names of the parts where the file is split, else null. */
  readonly parts: readonly string[] | null;
  readonly host: string;
  /** 1-based. */
  readonly node: number;
  /** 1-based; null where nobody knows. */
  readonly worker: number | null;
  /** Which process of that worker, from 1; null where nobody knows. */
  readonly process: number | null;
  /** Milliseconds since 1970, by the clock of its host. */
  readonly startMs: number;
  readonly endMs: number;
  readonly hasFailed: boolean;
}

/** What ran around an execution. */
export interface Surroundings {
  /** What ran before it in the same process, oldest first; null where the worker is not known. */
  readonly before: readonly Execution[] | null;
  /** What ran on the same host while it ran, by start. */
  readonly beside: readonly Execution[];
}

const byStart = (a: Execution, b: Execution): number => a.startMs - b.startMs || a.endMs - b.endMs;

const isOfOneProcess = (a: Execution, b: Execution): boolean =>
  a.node === b.node && a.host === b.host && a.worker === b.worker && a.process === b.process;

/** In one process nothing runs beside another, but a clock may say so by a millisecond. */
export function surroundingsOf(execution: Execution, all: readonly Execution[]): Surroundings {
  const others = all.filter((one) => one !== execution);
  const own = execution.worker === null ? [] : others.filter((one) => isOfOneProcess(one, execution));
  const beside = others.filter(
    (one) =>
      one.host === execution.host &&
      !own.includes(one) &&
      one.startMs < execution.endMs &&
      execution.startMs < one.endMs,
  );
  return {
    before: execution.worker === null ? null : own.filter((one) => byStart(one, execution) < 0).sort(byStart),
    beside: beside.sort(byStart),
  };
}

/** Each process with what it ran, oldest first: the order by which a run can be repeated. Unknown workers are left out. */
export function sequencesOf(all: readonly Execution[]): readonly (readonly Execution[])[] {
  const sequences = new Map<string, Execution[]>();
  for (const execution of [...all].sort(byStart)) {
    const { host, node, worker, process } = execution;
    if (worker === null) continue;
    const key = JSON.stringify([host, node, worker, process]);
    sequences.set(key, [...(sequences.get(key) ?? []), execution]);
  }
  return [...sequences.values()];
}
