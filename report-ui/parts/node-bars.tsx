import { hasOwnName } from '../../src/reports/run-report/node-name';
import type { NodeState, ReportNode, RunReport } from '../../src/reports/run-report/run-report';
import { countOf, formatCount, formatDuration, formatRatio } from '../../src/reports/terminal/format';
import { NO_FILTER, writeRoute } from '../model/route';
import { MoreList } from './more-list';
import { type MarkStatus, StatusMark } from './status-mark';

const stateText: Readonly<Record<NodeState, string>> = {
  complete: '',
  interrupted: 'interrupted',
  bailed: 'stopped by --bail',
  incomplete: 'cut short',
  disabled: 'switched off',
  recovered: 'from the database',
  missing: 'no report',
};

/** What each node did in which time, beside what was planned for it. */
export function NodeBars({ report }: { readonly report: RunReport }) {
  const { nodes, balance } = report;
  const longestMs = Math.max(1, ...nodes.flatMap(({ realMs, plannedMs }) => [realMs ?? 0, plannedMs ?? 0]));
  // Of many only the first are shown, so those that went wrong come first.
  const isWrong = (node: ReportNode) => markOf(node) !== 'passed';
  const ordered = nodes.length <= 16 ? nodes : [...nodes].sort((a, b) => Number(isWrong(b)) - Number(isWrong(a)));
  const hasPlanned = nodes.some(({ plannedMs }) => plannedMs !== null);
  return (
    <section aria-labelledby="nodes">
      <h2 id="nodes">Nodes and balance</h2>
      <p>{balanceText(balance)}</p>
      {hasPlanned ? (
        <p class="legend">
          <span class="swatch swatch-real" /> real time <span class="swatch swatch-planned" /> planned
        </p>
      ) : null}
      {nodes.length === 0 ? (
        <p class="empty">No node left a report.</p>
      ) : (
        <MoreList items={ordered} step={16} noun="node" name="nodes" className="nodes">
          {(node) => <NodeRow key={node.number} node={node} longestMs={longestMs} />}
        </MoreList>
      )}
    </section>
  );
}

function NodeRow({ node, longestMs }: { readonly node: ReportNode; readonly longestMs: number }) {
  const share = (durationMs: number) => `${(100 * durationMs) / longestMs}%`;
  const state = stateText[node.state];
  const planned = node.plannedMs === null ? '' : `, planned ${formatDuration(node.plannedMs)}`;
  return (
    <li class={`node-row node-${node.state}`}>
      <span class="node-name">
        <StatusMark status={markOf(node)} />
        <a href={writeRoute({ page: 'files', filter: { ...NO_FILTER, node: String(node.number) } })}>
          Node {node.number}
        </a>
        {state === '' ? null : <strong class="state">{state}</strong>}
      </span>
      <span class="bar" aria-hidden="true">
        {node.realMs === null ? null : <span class="bar-real" style={{ width: share(node.realMs) }} />}
        {node.plannedMs === null ? null : <span class="bar-planned" style={{ left: share(node.plannedMs) }} />}
      </span>
      <span class="node-time">
        {node.realMs === null ? '–' : formatDuration(node.realMs)}
        <span class="quiet">{planned}</span>
      </span>
      <span class="node-counts quiet">
        {countOf(node.files, 'file')}
        {node.plannedFiles === null || node.plannedFiles === node.files ? '' : ` of ${formatCount(node.plannedFiles)}`},{' '}
        {countOf(node.tests, 'test')}
        {node.failed > 0 || node.failedFiles > 0 ? (
          <strong class="is-failed">
            , {node.failed > 0 ? `${formatCount(node.failed)} failed` : countOf(node.failedFiles, 'failed file')}
          </strong>
        ) : null}
        {hasOwnName(node) ? ` · named ${node.name}` : ''}
        {node.host === null ? '' : ` · ${node.host}`}
      </span>
    </li>
  );
}

function markOf(node: ReportNode): MarkStatus {
  if (node.state !== 'complete' && node.state !== 'recovered') return 'unproven';
  return node.failedFiles > 0 || node.errors.length > 0 ? 'failed' : 'passed';
}

function balanceText({ planned, achieved, realMs, lowerBoundMs }: RunReport['balance']): string {
  const plan = planned === null ? '' : ` (planned ${formatRatio(planned)})`;
  if (achieved === null)
    return `The balance is not known, because at least one node did not report all of its part${plan}.`;
  return `Balance ${formatRatio(achieved)}${plan}: the busiest node ran files for ${formatDuration(realMs)}; no division could have taken less than ${formatDuration(lowerBoundMs)}.`;
}
