/** Hooks: what runs before and after the tests of a node or a worker. */

export const HOOK_NAMES = ['nodeSetup', 'nodeTeardown', 'workerSetup', 'workerTeardown'] as const;
export type HookName = (typeof HOOK_NAMES)[number];

export interface Hook {
  /** As the setting has it: the path of a module (absolute, once settings are read), or a command for the shell. */
  readonly text: string;
  /** Where it is set, for messages. */
  readonly source: string;
}

export type Hooks = Readonly<Partial<Record<HookName, Hook>>>;

const MODULE = /^(?:\.{1,2}[\\/]|[\\/]|[A-Za-z]:[\\/])[^\n]*\.[cm]?[jt]s$/;

/** Whether a hook is the path of a module: it begins with `./`, `../` or is absolute, and ends like one. */
export const isModuleHook = (text: string): boolean => MODULE.test(text) && !/\s-/.test(text);
