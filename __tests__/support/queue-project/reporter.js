/** Writes what Jest told its reporters, and lends the runner Jest's totals. */
require('esbuild-register/dist/node').register();
const { appendFileSync } = require('node:fs');
const path = require('node:path');
const { lendTotals } = require('../../../src/jest/host/file-total');
const { readQueueRun } = require('../../../src/jest/queue/published-run');

const { node, log } = JSON.parse(process.env.QUEUE_TEST);
const write = (event) => appendFileSync(log, `${JSON.stringify({ node, ...event })}\n`);

module.exports = class {
  onRunStart(results) {
    lendTotals(results);
  }
  onTestFileStart(test) {
    write({ kind: 'start', file: path.basename(test.path) });
  }
  onTestFileResult(test, result) {
    const failed = result.numFailingTests > 0 || result.testExecError != null;
    const project = test.context.config.displayName?.name ?? null;
    write({ kind: 'result', project, file: path.basename(test.path), failed, message: result.failureMessage ?? '' });
  }
  onRunComplete(_contexts, results) {
    write({ kind: 'end', total: results.numTotalTestSuites, ran: results.testResults.length, run: readQueueRun() });
  }
};
