/** Makes a host that is connected ready: the checkout is there, equal to that here, and its dependencies are installed. */
import { DistributedError } from '../../errors';
import type { HostSettings } from '../../options/hosts';
import { countOf, formatBytes, formatDuration } from '../../reports/terminal/format';
import type { AgentWire } from './connect-host';
import { copyTree } from './copy-tree';
import { callError, clockWarning, hostErrorText } from './host-errors';
import { type HostUse, SILENCE_SHARE } from './host-use';
import type { InstallPlan } from './install-plan';
import type { HostFacts } from './protocol';

/** The copy of a run that was ended just now. */
const BUSY_MS = 8_000;

/** Without npm's word of its newer versions. */
const shownOutput = (output: string): string =>
  output
    .trim()
    .split('\n')
    .filter((line) => !/^npm notice\b/.test(line))
    .slice(-12)
    .join('\n  ');

function installFailed(
  host: HostSettings,
  { command, outside }: InstallPlan,
  exitCode: number | null,
  output: string,
): Error {
  return new DistributedError({
    code: 'HOST_INSTALL_FAILED',
    message: `"${command}" failed on ${host.target}${exitCode === null ? '' : ` with exit code ${exitCode}`}:\n  ${shownOutput(output)}`,
    remedy:
      outside.length === 0
        ? 'Correct what it says, or name another "install" for this host in the config file.'
        : `What lies outside of the repository is not copied, and package.json takes from there: ${outside.join(', ')}. Put it into the repository, or install it from a registry.`,
  });
}

/** @throws DistributedError where the host cannot run the tests; `HOST_LOST` where the connection ended. */
export async function prepareHost(
  host: HostSettings,
  use: HostUse,
  wire: AgentWire,
  isAgain: boolean,
  /** `Date.now()` when it was dialled. */
  startedAt: number,
  onInstall: (isInstalling: boolean) => void,
): Promise<HostFacts> {
  const waiting = setTimeout(() => use.notice(host, 'the copy there is still in use; waiting for it'), 1_000);
  const facts = await wire
    .call('open', {
      ...{ directory: host.directory, name: use.copyName(host), owner: use.owner, path: host.path },
      env: { ...use.env, ...host.env },
      leaseMs: use.leaseMs * SILENCE_SHARE,
      isAgain,
      waitMs: isAgain ? use.leaseMs + BUSY_MS : BUSY_MS,
    })
    .catch((error: unknown) => {
      throw callError(host.target, host.directory ?? '~/.jest-distributed/hosts', error);
    })
    .finally(() => clearTimeout(waiting));
  const clock = clockWarning(host.target, facts.nowMs - Date.now());
  if (clock !== null) use.notice(host, hostErrorText(clock));
  try {
    const checkout = await use.checkout();
    const plan = use.planInstall(host);
    const copied = await copyTree(wire, checkout, host, use.sshConfig, facts);
    const installStart = Date.now();
    const installing = setTimeout(() => use.notice(host, `installing: ${plan.command}`), 1_000);
    onInstall(true);
    const { ran, exitCode, output } = await wire
      .call('install', { folder: plan.folder, command: plan.command, stamp: plan.stamp })
      .finally(() => {
        clearTimeout(installing);
        onInstall(false);
      });
    if (exitCode !== 0) throw installFailed(host, plan, exitCode, output);
    const sent =
      copied.files === 0 ? 'nothing to copy' : `${countOf(copied.files, 'file')} copied (${formatBytes(copied.bytes)})`;
    const installed = ran ? `, installed in ${formatDuration(Date.now() - installStart)}` : '';
    use.notice(host, `ready in ${formatDuration(Date.now() - startedAt)}: ${sent}${installed}`);
  } catch (error) {
    throw callError(host.target, facts.folder, error);
  }
  return facts;
}
