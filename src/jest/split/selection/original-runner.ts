/**
 * The test runner that a project would use without us.
 */
import { resolveJest } from '../../host/resolve-jest';
import type { JestTestRunner } from './circus-types';

export interface OriginalRunner {
  readonly path: string;
  readonly run: JestTestRunner;
}

const loaded = new Map<string, Promise<OriginalRunner>>();

/**
 * Loads it, once for each path and process.
 *
 * @param known the project's own test runner, where the selection file has it; else the default of the
 * project's own Jest.
 */
export function loadOriginalRunner(known: string | undefined, rootDir: string): Promise<OriginalRunner> {
  const path = known ?? resolveJest(rootDir).circusRunner() ?? 'jest-circus/runner';
  const existing = loaded.get(path);
  if (existing !== undefined) return existing;
  const loading = load(path);
  loaded.set(path, loading);
  return loading;
}

async function load(path: string): Promise<OriginalRunner> {
  const exported = await loadModule(path);
  return { path, run: defaultOf(exported) as JestTestRunner };
}

async function loadModule(path: string): Promise<unknown> {
  try {
    return require(path);
  } catch (error) {
    if ((error as { code?: string }).code !== 'ERR_REQUIRE_ESM') throw error;
    const { pathToFileURL } = await import('node:url');
    return import(pathToFileURL(path).href);
  }
}

function defaultOf(exported: unknown): unknown {
  const { default: inner } = exported as { default?: unknown };
  return inner ?? exported;
}
