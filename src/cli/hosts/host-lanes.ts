/** The lanes of a campaign on hosts: each host makes one probe at a time, so that alone is alone on its machine. */
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { nameBelow } from '../../blob/portable-names';
import { DistributedError, isDistributedError } from '../../errors';
import { createProbePool, type Lane, type ProbePool } from '../../flaky/lanes';
import type { ProbeSpec } from '../../flaky/probe';
import type { HostSettings, HostsSetting } from '../../options/hosts';
import { createProber, workerSettings } from '../flaky/prober';
import type { Probers, ProbersDisplay } from '../flaky/probers';
import { stopNodes } from '../local/stop-nodes';
import { connectionLost } from './connect-host';
import type { Checkout } from './copy-tree';
import { hostErrorText } from './host-errors';
import type { HostUse } from './host-use';
import { type HostEnd, type KeptHost, keepHost } from './keep-host';
import { isRemote, openHosts } from './open-hosts';

interface Campaign {
  readonly setting: HostsSetting;
  /** What follows `--`. */
  readonly jestArgs: readonly string[];
  /** All that may run, as paths from the working directory. */
  readonly files: readonly string[];
  readonly leaseMs: number;
  readonly display: ProbersDisplay;
}

/** A test file that git ignores, or that lies elsewhere, runs on no host. */
function refuseUncopied(files: readonly string[], { top, tree }: Checkout): void {
  const copied = new Set(tree.files.map((file) => file.path.normalize('NFC')));
  const missing = files.find((file) => !copied.has(nameBelow(top, path.resolve(file)).normalize('NFC')));
  if (missing === undefined) return;
  const isOutside = nameBelow(top, path.resolve(missing)).startsWith('../');
  throw new DistributedError({
    code: 'HOST_FILE_NOT_COPIED',
    message: `${missing} is not copied to the hosts: ${isOutside ? `it lies outside of the repository ${top}` : 'git ignores it'}.`,
    remedy: isOutside
      ? 'Leave it out, or run it here, without --hosts.'
      : 'Remove it from .gitignore, or name it as "copy" of the hosts in the config file.',
  });
}

function noneLeft(hosts: readonly HostSettings[], ends: readonly HostEnd<void>[]): DistributedError {
  const reasons = ends.map((end, index) => {
    const error = end.kind === 'failed' ? end.error : undefined;
    return `${hosts[index]?.target} (${isDistributedError(error) ? error.code : 'an error of jest-distributed'})`;
  });
  const names = hosts.filter(isRemote).map(({ target }) => target);
  return new DistributedError({
    code: 'HOST_NONE_LEFT',
    message: `No host is left to run tests on: ${reasons.join(', ')}.`,
    remedy: `The lines above say what each of them lacks. Look at them without a run: npx jest-distributed hosts check --hosts ${names.join(',')}`,
  });
}

/** What is said to who waits for a probe when the campaign is over. */
const ENDED = new Error('the campaign has ended');

/** As many busy processes for each core there as here. */
const loadOn = (cores: number, load: number): number => Math.ceil((load * cores) / availableParallelism());

interface LaneOfHost extends KeptHost<void> {
  readonly close: () => void;
}

/** @param onProbe called before each. */
function startRemote(
  host: HostSettings,
  use: HostUse,
  {
    jestArgs,
    variables,
  }: { readonly jestArgs: readonly string[]; readonly variables: Readonly<Record<string, string>> },
  pool: ProbePool,
  onProbe: (spec: ProbeSpec) => void,
): LaneOfHost {
  const { top, projectFolder: folder, version, build } = use;
  const copy = { target: host.target, top, folder, jestArgs, variables, version, build };
  const kept = keepHost<void>(host, use, async ({ wire, facts, onBegin }) => {
    await wire.call('findPackage', copy);
    const gone = new AbortController();
    wire.onClose(() => gone.abort());
    const lane: Lane = async (spec) => {
      onBegin();
      onProbe(spec);
      const there = { ...spec, load: loadOn(facts.cores, spec.load) };
      try {
        return { ...(await wire.call('probe', { ...copy, spec: there })), spec, host: host.target };
      } catch (error) {
        throw gone.signal.aborted ? connectionLost(host.target) : error;
      }
    };
    await pool.serve(lane, gone.signal);
  });
  return { ...kept, close: kept.release };
}

function startHere(
  host: HostSettings,
  jestArgs: readonly string[],
  pool: ProbePool,
  onProbe: (spec: ProbeSpec) => void,
): LaneOfHost {
  const prober = createProber(jestArgs);
  const lane: Lane = async (spec) => {
    onProbe(spec);
    return { ...(await prober.probe(spec)), host: host.target };
  };
  const end = pool.serve(lane, new AbortController().signal).then(
    (): HostEnd<void> => ({ kind: 'done', result: undefined }),
    (error: unknown): HostEnd<void> => ({ kind: 'failed', hasBegun: true, error }),
  );
  return { end, signal: prober.stop, release: () => undefined, close: prober.close };
}

/**
 * @throws DistributedError where no host could be used, such as `HOSTS_NEED_GIT`; `HOST_FILE_NOT_COPIED`. Where hosts are
 * lost until none is left, probes reject with `HOST_NONE_LEFT`.
 */
export async function openHostLanes(campaign: Campaign): Promise<Probers> {
  const { setting, jestArgs, files, leaseMs, display } = campaign;
  const { hosts } = setting;
  const targets = hosts.map(({ target }) => target);
  const { checkout, head, use } = await openHosts(setting);
  if (hosts.some(isRemote)) refuseUncopied(files, await checkout());
  const pool = createProbePool();
  const used = new Set<string>();
  let startedAt: number | null = null;
  const own = use({
    ...{ leaseMs, isOver: async () => pool.isClosed() },
    handover: hosts.length > 1 ? 'another host runs what it was running' : 'what it was running runs again then',
    note: (text) => display.note(text),
  });
  const order = { jestArgs, variables: { ...workerSettings(process.env), ...head } };
  const lanes = hosts.map((host) => {
    const onProbe = (spec: ProbeSpec) => {
      startedAt ??= Date.now();
      used.add(host.target);
      display.begin(spec);
    };
    return isRemote(host) ? startRemote(host, own, order, pool, onProbe) : startHere(host, jestArgs, pool, onProbe);
  });
  const ends = Promise.all(
    lanes.map(async ({ end }, index) => {
      const ended = await end;
      // Of the others it was said where they were kept.
      const host = hosts[index] as HostSettings;
      if (ended.kind === 'failed' && !isRemote(host)) own.notice(host, hostErrorText(ended.error));
      return ended;
    }),
  );
  void ends.then((all) => pool.close(noneLeft(hosts, all)));
  return {
    ...{ probe: pool.probe, lanes: hosts.length, startedAt: () => startedAt },
    hosts: () => ({ named: targets, used: targets.filter((target) => used.has(target)) }),
    stop: (signal) => {
      pool.close(ENDED);
      const running = lanes.map((lane) => ({
        ...{ signal: lane.signal, exit: lane.end.then(() => ({ exitCode: null, signal: null })) },
      }));
      stopNodes(running, signal);
    },
    close: async () => {
      pool.close(ENDED);
      for (const lane of lanes) lane.close();
      await ends;
    },
  };
}
