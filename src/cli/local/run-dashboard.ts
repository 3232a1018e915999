/** `run --local --ui`: pages of the run that this process conducts, while it lasts. */
import type { BlobMetadata, JobRecord } from '../../blob/blob';
import { toPortable } from '../../blob/portable-paths';
import type { ServedDashboard } from '../../dashboard/serve';
import { DistributedError, isDistributedError } from '../../errors';
import { branchOf } from '../../files/branch';
import type { Folders } from '../../files/folders';
import { headCommit, originOf } from '../../files/git';
import { pipelineName } from '../../queue/pipeline';
import { createMemoryDashboard } from '../../reports/dashboard/memory-data';
import type { LiveEvent } from '../../reports/live/events';
import { linksOf } from '../../reports/run-report/links';
import { PLAIN_REPEAT } from '../../shell/reproduce-tests';
import { readRunner } from '../../shell/runner';
import { DEFAULT_PORT } from '../database/listen-flags';

export interface RunDashboard {
  /** Of the run's own page. */
  readonly address: string;
  readonly publish: (event: LiveEvent) => void;
  readonly close: () => Promise<void>;
}

export interface DashboardRun {
  readonly runId: string;
  readonly label: string | null;
  readonly job: JobRecord;
  readonly folders: Folders;
}

/** @throws DistributedError `UI_NEEDS_LOCAL` where no process conducts the whole run. */
export function refuseUi(isConducted: boolean): void {
  if (isConducted) return;
  throw new DistributedError({
    code: 'UI_NEEDS_LOCAL',
    message: '--ui shows a whole run, and this process is one node of it.',
    remedy: 'Use it with --local or --hosts. A run of the queue is shown by: npx jest-distributed dashboard',
  });
}

/**
 * On this machine alone; on another port where somebody has the usual one.
 *
 * @throws DistributedError `DASHBOARD_PORT_UNUSABLE`.
 */
export async function openRunDashboard({ runId, label, job, folders }: DashboardRun): Promise<RunDashboard> {
  const { serveDashboard } = await import('../../dashboard/serve.js');
  const { rootDir, repositoryDir } = folders;
  const commit = (await headCommit(rootDir))?.commit ?? null;
  const remote = (await originOf(rootDir)) ?? null;
  const facts = { provider: null, commit, run: { id: runId }, job } as unknown as BlobMetadata;
  const { data, page, publish } = createMemoryDashboard(
    {
      ...{ pipeline: pipelineName({ packageName: job.packageName, label }), runId, commit },
      branch: await branchOf(rootDir, process.env),
      ...{ links: linksOf(facts, { remote, runPage: null }), repeat: PLAIN_REPEAT, runner: readRunner() },
    },
    Date.now,
  );
  const listen = (port: number, orElse: (error: DistributedError) => Promise<ServedDashboard>) =>
    serveDashboard(data, { host: '127.0.0.1', port }).catch((error: unknown) => {
      if (isDistributedError(error)) return orElse(error);
      throw error;
    });
  const { address, close } = await listen(DEFAULT_PORT, () =>
    listen(0, async ({ code, fact: message }) => {
      // The port is no setting here.
      throw new DistributedError({ code, message, remedy: 'Leave out --ui.' });
    }),
  );
  const portable = toPortable(rootDir, repositoryDir);
  return {
    address: `${address}${page}`,
    publish: (event) => publish(event.kind === 'test-failed' ? { ...event, error: portable(event.error) } : event),
    close,
  };
}
