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

/** The module, and what it holds as its default: CommonJS, and TypeScript that was made CommonJS, put names there. */
function layersOf(namespace: Namespace): Namespace[] {
  const layers: Namespace[] = [namespace];
  for (let inner = namespace.default; typeof inner === 'object' && inner !== null && layers.length < 3; ) {
    layers.push(inner as Namespace);
    inner = (inner as Namespace).default;
  }
  return layers;
}

/**
 * The function that is meant by a name: the export of that name, else the default one. No other export is taken for it: a
 * module may hold a set-up and its teardown.
 */
export function findFunction(namespace: Namespace, name: string): ((argument: object) => unknown) | null {
  const layers = layersOf(namespace);
  const candidates = [...layers.map((layer) => layer[name]), ...layers.map((layer) => layer.default)];
  return (candidates.find((one) => typeof one === 'function') as ((argument: object) => unknown) | undefined) ?? null;
}

/** Names of what a module exports, for messages. */
export function exportNames(namespace: Namespace): string[] {
  const names = layersOf(namespace).flatMap((layer) =>
    Object.keys(layer).filter((name) => name !== 'module.exports' && !(name === 'default' && isLayer(layer.default))),
  );
  return [...new Set(names)];
}

const isLayer = (value: unknown): boolean => typeof value === 'object' && value !== null;

/** What a module exports, seen through the ways in which CommonJS and ES modules hold a default export. */
export function exportsOf(namespace: Namespace): unknown[] {
  const outer = namespace.default;
  const inner = typeof outer === 'object' && outer !== null ? (outer as Namespace) : {};
  return [inner.default, outer, ...Object.values(namespace), ...Object.values(inner)].filter(
    (one) => one !== undefined,
  );
}
