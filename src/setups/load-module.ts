/** Modules of the project's own, in whatever language the config files of this package may be. */
import { pathToFileURL } from 'node:url';

type Namespace = Readonly<Record<string, unknown>>;

async function byNode(file: string): Promise<Namespace> {
  return (await import(pathToFileURL(file).href)) as Namespace;
}

async function byJiti(file: string): Promise<Namespace> {
  const { createJiti } = await import('jiti');
  return (await createJiti(file, { fsCache: false }).import(file)) as Namespace;
}

/** TypeScript, and the ES modules in `.js` files that Jest transforms, go through the loader of the config files. */
export async function loadModule(file: string): Promise<Namespace> {
  if (/\.[cm]?ts$/.test(file)) return byJiti(file);
  try {
    return await byNode(file);
  } catch (error) {
    if (error instanceof SyntaxError) return byJiti(file);
    throw error;
  }
}

/** What a module exports, seen through the ways in which CommonJS and ES modules hold a default export. */
export function exportsOf(namespace: Namespace): unknown[] {
  const outer = namespace.default;
  const inner = typeof outer === 'object' && outer !== null ? (outer as Namespace) : {};
  return [inner.default, outer, ...Object.values(namespace), ...Object.values(inner)].filter(
    (one) => one !== undefined,
  );
}
