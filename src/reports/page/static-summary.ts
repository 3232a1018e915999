/**
 * What stands in the page before its program runs, and stays where none may: several CI servers show artifacts without
 * scripts. The verdict and what is wrong must be readable there too.
 */

import { quarantinedError, quarantinedName } from '../run-report/quarantine-text';
import type { RunReport } from '../run-report/run-report';
import { firstError, flakyRetries, outcomeText, retryName } from '../run-report/tries-view';
import { formatCount } from '../terminal/format';
import { escapeHtml } from './escape-html';

const namesShown = 50;

export function staticSummary(report: RunReport): string {
  const { verdict, run, failures, files, tests } = report;
  const word = { passed: 'Passed', failed: 'Failed', unproven: 'Not proven' }[verdict.outcome];
  const findings = verdict.findings.filter(({ severity }) => severity !== 'note').map(({ message }) => message);
  const failed = failures.map((failure) => {
    const path = files[failure.file]?.path ?? '';
    const test = failure.test === null ? undefined : tests[failure.test];
    return test === undefined ? `${path} failed to run` : `${path}: ${test.titles.join(' › ')}`;
  });
  const flaky = flakyRetries(report).map(
    (retry) => `${retryName(retry)} (${outcomeText(report, retry)}): ${firstError(retry)}`,
  );
  const quarantined = (report.quarantined ?? []).map(
    (one) => `${quarantinedName(report, one)}: ${quarantinedError(one)}`,
  );
  return [
    '<main>',
    `<section class="verdict verdict-${verdict.outcome}"><div>`,
    `<h1>${word}</h1>`,
    `<p class="headline">${escapeHtml(verdict.headline)}</p>`,
    ...(verdict.database ? [`<p>${escapeHtml(verdict.database)}</p>`] : []),
    `<p class="facts"><span>Run ${escapeHtml(run.id)}</span></p>`,
    '</div></section>',
    list('Findings', findings),
    list('Failures', failed),
    list('In quarantine', quarantined),
    list('Flaky', flaky),
    '<noscript><p>Without scripts the timeline, the tracebacks and the search are missing.</p></noscript>',
    '</main>',
  ].join('');
}

function list(title: string, texts: readonly string[]): string {
  if (texts.length === 0) return '';
  const shown = texts.slice(0, namesShown).map((text) => `<li>${escapeHtml(text)}</li>`);
  const left = texts.length - shown.length;
  const more = left > 0 ? `<li>and ${formatCount(left)} more</li>` : '';
  return `<section><h2>${title}</h2><ul>${shown.join('')}${more}</ul></section>`;
}
