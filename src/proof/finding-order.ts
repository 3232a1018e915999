/** What makes the others stands first; what running something again cannot mend says so. */
import { EXIT_HINT, type Finding, type FindingCode, listNodes, OWN_NUMBER, RUN_MISSING_HINT } from './finding';

/** In the order in which one makes the other. */
const CAUSES: readonly FindingCode[] = [
  ...(['no-blob', 'unreadable-blob', 'run-unknown', 'several-jobs', 'several-calls', 'whole-runs'] as const),
  ...(['nodes-expected', 'nodes-differ', 'node-twice', 'overlapping', 'calls-differ', 'inputs-differ'] as const),
  ...(['nothing-differs', 'files-differ', 'settings-differ', 'configs-differ', 'file-versions-differ'] as const),
  ...(['changes-differ', 'plans-differ', 'checkout-differs'] as const),
];

/** Causes that leave a node to be run again. */
const MENDED_BY_RUNNING: ReadonlySet<FindingCode> = new Set([
  'no-blob',
  'unreadable-blob',
  'run-unknown',
  'nodes-expected',
]);

const isSharedNumber = ({ code, message }: Finding): boolean => code === 'missing-node' && message.endsWith(OWN_NUMBER);

const isPoison = ({ code, severity }: Finding): boolean => code === 'queue-poison' && severity === 'error';

/** A test that ends the process of its node, by itself the reason why files of that node are missing. */
const isExit = ({ code, severity, remedy }: Finding): boolean =>
  code === 'incomplete' && severity === 'error' && remedy === EXIT_HINT;

function rankOf(finding: Finding): number {
  if (isPoison(finding)) return -3;
  if (isExit(finding)) return -2;
  const rank = finding.severity === 'note' ? -1 : CAUSES.indexOf(finding.code);
  if (rank >= 0) return rank;
  return isSharedNumber(finding) ? CAUSES.length : CAUSES.length + 1;
}

const isLasting = (finding: Finding): boolean =>
  finding.severity === 'error' &&
  (isSharedNumber(finding) || (CAUSES.includes(finding.code) && !MENDED_BY_RUNNING.has(finding.code)));

/** The first of the errors that `--run-missing` would leave as they are, with all that comes of them. */
export function findLastingCause(findings: readonly Finding[]): Finding | undefined {
  return findings.find(isLasting);
}

/** What comes of nodes that disagree in whatever. */
const CONSEQUENCES: ReadonlySet<FindingCode> = new Set([
  ...(['plans-differ', 'missing-items', 'doubled-items', 'unknown-items', 'unplanned-items', 'moved-items'] as const),
]);

/** Of arguments that choose tests. */
const FROM_CALLS = /^The inputs of the plan differ in (?:pathPattern|testNamePattern|isFiltered):/;

/** Other commits are other files; `compareCommits` says so. */
const COMMITS = /^Commits differ/;

const isSameNodes = (one: Finding, other: Finding): boolean => one.nodes.join() === other.nodes.join();

function isConsequence(cause: Finding, finding: Finding): boolean {
  const { code, message, severity } = finding;
  if (finding === cause || severity !== 'error') return false;
  if (CONSEQUENCES.has(code)) return true;
  if (cause.code === 'calls-differ') {
    // Arguments may be settings of the config, too.
    return (
      code === 'files-differ' || FROM_CALLS.test(message) || (code === 'configs-differ' && isSameNodes(cause, finding))
    );
  }
  return COMMITS.test(cause.message) && ['files-differ', 'file-versions-differ', 'configs-differ'].includes(code);
}

/** Whether all it names is poison; that names the last node of each, too. */
const isAllOf = (poison: Finding, { items }: Finding): boolean =>
  items.every((name) => poison.items.some((item) => item.startsWith(`${name} (`)));

/** What its node did not get to. */
const isLeftBy = (ending: Finding, finding: Finding): boolean =>
  isExit(ending) && finding.nodes.length > 0 && isSameNodes(ending, finding);

/** What comes of tests that end the process of their node. */
function isLostWith(ending: Finding, finding: Finding): boolean {
  const { code, severity, remedy, cause } = finding;
  if (finding === ending || severity !== 'error') return false;
  if (code !== 'missing-items') return isPoison(ending) && isExit(finding);
  if (remedy === EXIT_HINT || cause === 'incomplete' || isLeftBy(ending, finding)) return true;
  return isPoison(ending) && isAllOf(ending, finding);
}

/** What comes of the cause, with no remedy of its own, or one that does not run what is missing. */
function after(cause: Finding, finding: Finding, comesOf = isConsequence): Finding {
  const { nodes, remedy } = finding;
  const first = `Correct ${cause.code} first (above)`;
  if (comesOf(cause, finding)) return { ...finding, remedy: `${first}.`, cause: cause.code };
  const again = `${first}, and run ${nodes.length === 0 ? 'the nodes' : listNodes(nodes)} again.`;
  return { ...finding, remedy: remedy.replace(RUN_MISSING_HINT, () => again) };
}

/** The cause first, and no offer to run what is missing where that is no help. */
export function arrangeFindings(findings: readonly Finding[]): Finding[] {
  const sorted = [...findings].sort((a, b) => rankOf(a) - rankOf(b));
  const [ending] = sorted.filter((finding) => isPoison(finding) || isExit(finding));
  const cause = findLastingCause(sorted);
  return sorted.map((finding) => {
    if (finding === ending) return finding;
    if (ending !== undefined && isLostWith(ending, finding)) return after(ending, finding, isLostWith);
    const mended = cause === undefined || finding === cause ? finding : after(cause, finding);
    return ending === undefined ? mended : after(ending, mended, isLostWith);
  });
}
