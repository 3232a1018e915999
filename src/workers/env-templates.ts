/**
 * Variables with a value for each worker: `PORT: '{4000+slot}'`.
 */
import { DistributedError } from '../errors';
import { type NodeWorkers, RUN_VARIABLE, SLOT_VARIABLE, WORKER_VARIABLE, workerVariables } from './node-workers';

/** By name of the variable, as they were written. */
export type EnvTemplates = Readonly<Record<string, string>>;

/** What stands in braces. */
const TEXTS = ['worker', 'run'] as const;
const NUMBERS = ['slot', 'node', 'nodes'] as const;
type TextName = (typeof TEXTS)[number];
type NumberName = (typeof NUMBERS)[number];

type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'name'; readonly name: TextName }
  /** `base + factor × name` */
  | { readonly kind: 'number'; readonly name: NumberName; readonly base: number; readonly factor: number };

const KNOWN = [...NUMBERS, ...TEXTS].map((name) => `{${name}}`).join(' ');
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const SUM = /^(?:(\d{1,9})\+)?(?:(\d{1,9})\*)?([a-z]+)$/;

/** Whether a text can be the name of a variable in every shell and on every system. */
export const isVariableName = (name: string): boolean => NAME.test(name);

/** Names whose values are Jest's, Node's or ours to set. */
export const isReservedVariable = (name: string): boolean =>
  /^(?:JEST_WORKER_ID|NODE_OPTIONS|JEST_DISTRIBUTED_.*|JDIST_INTERNAL_.*)$/i.test(name);

function readPiece(inner: string): Piece | null {
  const [, base, factor, name] = SUM.exec(inner.replaceAll(' ', '')) ?? [];
  if (name === undefined) return null;
  if ((NUMBERS as readonly string[]).includes(name)) {
    return { kind: 'number', name: name as NumberName, base: Number(base ?? 0), factor: Number(factor ?? 1) };
  }
  const isText = (TEXTS as readonly string[]).includes(name) && base === undefined && factor === undefined;
  return isText ? { kind: 'name', name: name as TextName } : null;
}

/** @returns the inside of the braces that mean nothing, where there are such. */
function readTemplate(template: string): readonly Piece[] | { readonly unknown: string } {
  const pieces: Piece[] = [];
  // Doubled braces are braces.
  for (const [whole, inner] of template.matchAll(/\{\{|\}\}|\{([^{}]*)\}|[{}]|[^{}]+/g)) {
    if (whole === '{{' || whole === '}}') pieces.push({ kind: 'text', text: whole.slice(1) });
    else if (inner === undefined) {
      if (whole === '{' || whole === '}') return { unknown: whole };
      pieces.push({ kind: 'text', text: whole });
    } else {
      const piece = readPiece(inner);
      if (piece === null) return { unknown: whole };
      pieces.push(piece);
    }
  }
  return pieces;
}

/**
 * Checks names and templates.
 *
 * @param label how messages call the setting: `env in package.json`.
 * @throws DistributedError `ENV_NAME_INVALID`, `ENV_TEMPLATE_UNKNOWN`.
 */
export function checkTemplates(templates: EnvTemplates, label: string): void {
  for (const [name, template] of Object.entries(templates)) {
    if (!isVariableName(name) || isReservedVariable(name)) throw nameInvalid(name, label);
    const read = readTemplate(template);
    if ('unknown' in read) throw templateUnknown(name, template, read.unknown, label);
  }
}

function nameInvalid(name: string, label: string): DistributedError {
  return new DistributedError({
    code: 'ENV_NAME_INVALID',
    message: `${label} sets ${JSON.stringify(name)}, ${isVariableName(name) ? 'which is not for settings: it belongs to Jest, Node.js or this package' : 'which is no name of a variable'}.`,
    remedy: 'Use another name: letters, digits and _, not with a digit first.',
  });
}

function templateUnknown(name: string, template: string, unknown: string, label: string): DistributedError {
  return new DistributedError({
    code: 'ENV_TEMPLATE_UNKNOWN',
    message: `${label} sets ${name} to ${JSON.stringify(template)}, and ${unknown} stands for nothing.`,
    remedy: `Known are ${KNOWN} and sums such as {4000+slot} or {4000+10*slot}. A brace that is meant is written twice: {{.`,
  });
}

/** Whether a worker needs a slot for them. */
export const needSlot = (templates: EnvTemplates): boolean =>
  Object.values(templates).some((template) => {
    const read = readTemplate(template);
    return !('unknown' in read) && read.some((piece) => piece.kind === 'number' && piece.name === 'slot');
  });

/**
 * The variables of a worker.
 *
 * @param templates checked.
 * @param worker 1-based, as `JEST_WORKER_ID`.
 */
export function fillTemplates(templates: EnvTemplates, workers: NodeWorkers, worker: number): Record<string, string> {
  const own = workerVariables(workers, worker);
  const numbers = { slot: Number(own[SLOT_VARIABLE] ?? 0), node: workers.node, nodes: workers.nodes };
  const texts = { worker: own[WORKER_VARIABLE] as string, run: own[RUN_VARIABLE] as string };
  const fill = (piece: Piece): string => {
    if (piece.kind === 'text') return piece.text;
    if (piece.kind === 'name') return texts[piece.name];
    return String(piece.base + piece.factor * numbers[piece.name]);
  };
  return Object.fromEntries(
    Object.entries(templates).map(([name, template]) => {
      const read = readTemplate(template);
      return [name, 'unknown' in read ? template : read.map(fill).join('')];
    }),
  );
}
