/**
 * A testSequencer that times another one, from loading its module to the sorted list, as Jest calls it: cold, once in
 * a process.
 */
const { appendFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const path = require('node:path');
const { performance } = require('node:perf_hooks');

const { PROBE_SEQUENCER: name, PROBE_OUT: out } = process.env;
for (const variable of ['PROBE_SEQUENCER', 'PROBE_OUT']) delete process.env[variable];

/** User and system time of this process, all its threads included. */
function cpuMsNow() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const startedAt = performance.now();
const cpuAtStart = cpuMsNow();
const projectRequire = createRequire(path.join(process.cwd(), 'package.json'));
const loaded = projectRequire(name);
const Timed = loaded.default ?? loaded;
const loading = { wallMs: performance.now() - startedAt, cpuMs: cpuMsNow() - cpuAtStart };

module.exports = class ProbeSequencer extends Timed {
  constructor(...args) {
    const before = performance.now();
    const cpuBefore = cpuMsNow();
    super(...args);
    this.constructing = { wallMs: performance.now() - before, cpuMs: cpuMsNow() - cpuBefore };
  }

  async sort(tests) {
    const before = performance.now();
    const cpuBefore = cpuMsNow();
    const sorted = await super.sort(tests);
    const sorting = { wallMs: performance.now() - before, cpuMs: cpuMsNow() - cpuBefore };
    appendFileSync(out, `${JSON.stringify({ loading, constructing: this.constructing, sorting })}\n`);
    return sorted;
  }
};
