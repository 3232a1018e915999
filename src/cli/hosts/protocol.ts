/**
 * What the initiator of a run and its agent on a host say to each other: calls of JSON-RPC over the stdio of ssh.
 */
import type { ProbeResult, ProbeSpec } from '../../flaky/probe';
import type { ProgressEvent } from '../../jest/channels/progress';
import type { TreeFile } from './tree';

/** Before anything else the remote command prints a line that begins with one of these; a shell may have printed others. */
export const HELLO = '@jest-distributed-agent ';
export const NO_NODE = '@jest-distributed-no-node ';

/** What the loader says before the agent is sent. */
export interface Hello {
  /** `v20.20.2` */
  readonly node: string;
}

export interface HostFacts {
  /** `v20.20.2` */
  readonly node: string;
  readonly platform: string;
  readonly arch: string;
  readonly hostname: string;
  readonly cores: number;
  readonly hasRsync: boolean;
  /** Milliseconds since 1970 by the clock of the host. */
  readonly nowMs: number;
  /** Bytes that are free where the copy lies. */
  readonly freeBytes: number;
  /** Absolute path of the folder of this checkout there. */
  readonly folder: string;
}

/** Whose checkout the copy is of, for `hosts clean` and for people. */
export interface CopyOwner {
  readonly user: string;
  readonly host: string;
  /** Absolute path of the checkout. */
  readonly checkout: string;
}

export interface OpenRequest {
  /** Folder below which copies lie; null: the default. */
  readonly directory: string | null;
  /** Name of this checkout's folder. */
  readonly name: string;
  readonly owner: CopyOwner;
  readonly path: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** This run was connected before: its own copy may still be held. */
  readonly isAgain: boolean;
  /** How long a copy that another run has is waited for, before another one is made. */
  readonly waitMs: number;
  /** Without a word from the initiator for this long the agent ends everything. */
  readonly leaseMs: number;
}

export interface WriteRequest {
  readonly path: string;
  readonly kind: TreeFile['kind'];
  /** Base64; of a link its target. */
  readonly data: string;
  /** Where the data belongs; 0 begins the file anew. */
  readonly offset: number;
}

export interface InstallRequest {
  /** Folder relative to the top, POSIX. */
  readonly folder: string;
  readonly command: string;
  /** What decides whether it must run again. */
  readonly stamp: string;
}

export interface Installed {
  readonly ran: boolean;
  /** Null where a signal ended it. */
  readonly exitCode: number | null;
  /** The end of what it printed, where it failed. */
  readonly output: string;
}

/** What runs in the copy, and by which package. */
export interface InCopy {
  /** What a person calls this host. */
  readonly target: string;
  /** Absolute path of the checkout; arguments that name something in it mean the copy. */
  readonly top: string;
  /** Folder relative to the top, POSIX. */
  readonly folder: string;
  readonly jestArgs: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
  /** Exact version of this package that the initiator has. */
  readonly version: string;
  /** Tells its build from others of that version. */
  readonly build: string;
}

export interface StartRequest extends InCopy {
  readonly node: number;
  readonly nodes: number;
  /** The plan that all nodes obey. */
  readonly plan: string;
  readonly flags: readonly string[];
}

/** Variables are settings of workers. */
export interface ProbeRequest extends InCopy {
  readonly spec: ProbeSpec;
}

export interface NodeEnded {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface LookRequest {
  readonly directory: string | null;
  readonly path: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Whether these are found in the PATH. */
  readonly programs: readonly string[];
}

export interface Looked extends Omit<HostFacts, 'folder'> {
  /** Where copies lie, absolute. */
  readonly directory: string;
  /** The PATH of commands there. */
  readonly path: string;
  /** Why nothing can be written there; null where it can. */
  readonly refusal: string | null;
  /** Of the programs that were asked for. */
  readonly missing: readonly string[];
}

export interface CleanRequest {
  readonly directory: string | null;
  readonly owner: Omit<CopyOwner, 'checkout'>;
  /** Absolute path of the checkout whose copies are removed; null: of all. */
  readonly checkout: string | null;
}

export interface Cleaned {
  /** Checkouts whose copies are gone. */
  readonly removed: readonly string[];
  /** Checkouts of which a copy is in use and stays. */
  readonly inUse: readonly string[];
}

/** Asked by the initiator. Each takes one object. */
export interface AgentCalls {
  /** Changes nothing. */
  look(request: LookRequest): Looked;
  clean(request: CleanRequest): Cleaned;
  open(request: OpenRequest): HostFacts;
  /** The digest of what was copied, as it is there now. */
  digest(request: Record<string, never>): { readonly digest: string };
  /** Removes what does not belong there any more. @returns places in the list of what must be copied. */
  compare(request: { readonly files: readonly TreeFile[] }): { readonly wanted: readonly number[] };
  write(request: { readonly files: readonly WriteRequest[] }): Record<string, never>;
  install(request: InstallRequest): Installed;
  start(request: StartRequest): Record<string, never>;
  /** Throws where the copy has not the package of the initiator. */
  findPackage(request: InCopy): Record<string, never>;
  /** Answers when the probe has ended; one at a time. */
  probe(request: ProbeRequest): ProbeResult;
  /** Snapshot files of the copy, and the other files that are asked for, as they are now. */
  written(request: { readonly others: readonly string[] }): {
    readonly files: readonly { readonly path: string; readonly digest: string }[];
  };
  /** Contents in Base64. */
  read(request: { readonly paths: readonly string[] }): { readonly data: readonly string[] };
  /** Ends the node or the probe. */
  stop(request: { readonly signal: NodeJS.Signals }): Record<string, never>;
  ping(request: Record<string, never>): Record<string, never>;
  /** Gives the folder free. */
  close(request: Record<string, never>): Record<string, never>;
}

/** Sent by the agent. */
export interface AgentEvents {
  progress: { readonly event: ProgressEvent };
  /** Bytes of a file of the run's folder; a name that is known gets more of them. */
  bytes: { readonly file: number; readonly name: string; readonly data: string };
  /** A file of the run's folder has another name now. */
  renamed: { readonly file: number; readonly name: string };
  ended: NodeEnded;
}

/** Sent by both: connections to the queue, whose other ends are on the initiator. */
export interface SocketEvents {
  'socket-open': { readonly socket: number };
  'socket-data': { readonly socket: number; readonly data: string };
  'socket-close': { readonly socket: number };
}

/** Code and facts of an error, as it travels. */
export interface PackedError {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}
