/** Fixtures of a whole run whose nodes one process has started: they are set up beside it, once. */
import type { JobRecord } from '../../blob/blob';
import { identifyProcess } from '../../host-slots/process-identity';
import { slotFolders } from '../../host-slots/slot-folder';
import type { Options } from '../../options/resolve';
import { endSetups } from '../../setups/end-setups';
import { errorOf } from '../../setups/failure';
import { journalFolder, type SetupSpec } from '../../setups/setup-spec';
import { unnamedRun } from '../../workers/names';
import { variableName } from '../channels/environment';

export interface RunToSetUp {
  readonly options: Options;
  readonly projectDir: string;
  readonly job: JobRecord;
  readonly nodes: number;
  /** Tells this run from all others. */
  readonly token: string;
}

export interface RunSetups {
  /** What its nodes need to know. */
  readonly variables: Readonly<Record<string, string>>;
  /** To be called when all nodes have ended. @returns what failed, as people read it. */
  readonly end: () => readonly { readonly fact: string; readonly text: string }[];
}

/** Nothing is started here: the first test that asks for such a fixture does that. */
export function offerRunSetups({ options, projectDir, job, nodes, token }: RunToSetUp): RunSetups {
  const folders = slotFolders(options.slotDir?.value ?? null);
  const spec: SetupSpec = {
    folder: journalFolder(folders[0] as string),
    owner: identifyProcess(),
    cwd: projectDir,
    limitMs: options.hookSeconds.value * 1000,
    hooks: {},
    workers: { node: 1, nodes, nodeName: 1, run: unnamedRun(token, job), firstSlot: null, count: 1 },
    environments: [],
    runScope: { kind: 'this-process' },
  };
  return {
    variables: { [variableName('LOCAL_RUN')]: token, [variableName('RUN_SETUPS')]: JSON.stringify(spec) },
    end: () =>
      endSetups(spec).map((failure) => {
        const { fact, stack } = errorOf(failure);
        return { fact, text: stack ?? fact };
      }),
  };
}
