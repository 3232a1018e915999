/**
 * Which of Jest's workers ran a file: only the worker process knows, so it goes along on the TestResult, wherever our
 * test runner is in place anyway.
 */

const WORKER_PROPERTY = 'jestDistributedWorker';

/** Notes the worker (1-based) on a result made in this process. */
export function setWorker<Result extends object>(result: Result): Result {
  const worker = Number(process.env.JEST_WORKER_ID);
  return Number.isInteger(worker) && worker > 0 ? Object.assign(result, { [WORKER_PROPERTY]: worker }) : result;
}

/** Takes the note off a result. @returns null where nobody made one. */
export function takeWorker(result: object): number | null {
  const noted = result as { [WORKER_PROPERTY]?: number };
  const worker = noted[WORKER_PROPERTY] ?? null;
  delete noted[WORKER_PROPERTY];
  return worker;
}
