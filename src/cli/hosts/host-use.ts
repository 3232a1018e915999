/** What a command needs to know to use its hosts, whatever it does there. */
import type { HostSettings } from '../../options/hosts';
import type { Checkout } from './copy-tree';
import type { InstallPlan } from './install-plan';
import type { CopyOwner } from './protocol';

/** What all hosts of a command have in common. */
export interface HostUse {
  readonly sshConfig: string | null;
  /** Of the checkout, on a host. */
  readonly copyName: (host: HostSettings) => string;
  readonly owner: CopyOwner;
  /** Read once: hosts that come later must hold the same. */
  readonly checkout: () => Promise<Checkout>;
  readonly planInstall: (host: HostSettings) => InstallPlan;
  /** Of the checkout, absolute. */
  readonly top: string;
  /** Folder of the project relative to the top, POSIX. */
  readonly projectFolder: string;
  /** Variables for hooks and tests on the hosts, unless the host has its own. */
  readonly env: Readonly<Record<string, string>>;
  readonly version: string;
  readonly build: string;
  readonly leaseMs: number;
  /** Whether everything is done, so that nothing is left for a host that comes back. */
  readonly isOver: () => Promise<boolean>;
  /** What becomes of what a host was doing when it is lost, as a clause. */
  readonly handover: string;
  /** A line for people. */
  readonly notice: (host: HostSettings, text: string) => void;
}

/** Of the lease: the agent ends what it does when it heard nothing for so long, before others are given it. */
export const SILENCE_SHARE = 0.7;
