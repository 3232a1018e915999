/**
 * A testSequencer that times another one, from loading its module to the sorted list, as Jest calls it: cold, once in
 * a process. With PROBE_STAGES it also times the functions of ours that do the parts of it.
 */
const { appendFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const path = require('node:path');
const { performance } = require('node:perf_hooks');

const { PROBE_SEQUENCER: name, PROBE_OUT: out, PROBE_STAGES: dist } = process.env;
for (const variable of ['PROBE_SEQUENCER', 'PROBE_OUT', 'PROBE_STAGES']) delete process.env[variable];

const stages = {};

/** User and system time of this process, all its threads included. */
function cpuMsNow() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** What a function takes, with what it calls; calls inside a call of itself count once. */
function timeStage(stage, holder, method) {
  const original = holder[method];
  let depth = 0;
  holder[method] = function (...args) {
    const startedAt = performance.now();
    const cpuAtStart = cpuMsNow();
    depth++;
    const end = () => {
      depth--;
      if (depth > 0) return;
      const { wallMs, cpuMs } = stages[stage] ?? { wallMs: 0, cpuMs: 0 };
      stages[stage] = { wallMs: wallMs + performance.now() - startedAt, cpuMs: cpuMs + cpuMsNow() - cpuAtStart };
    };
    const isAsync = (result) => typeof result?.then === 'function';
    try {
      const result = original.apply(this, args);
      if (isAsync(result)) return result.finally(end);
      end();
      return result;
    } catch (error) {
      end();
      throw error;
    }
  };
}

const startedAt = performance.now();
const cpuAtStart = cpuMsNow();
const projectRequire = createRequire(path.join(process.cwd(), 'package.json'));
const loaded = projectRequire(name);
const Timed = loaded.default ?? loaded;
const loading = { wallMs: performance.now() - startedAt, cpuMs: cpuMsNow() - cpuAtStart };

if (dist) {
  const ours = (module) => require(path.join(dist, module));
  timeStage('settings', ours('jest/session'), 'openSession');
  timeStage('naming files', ours('jest/test-files'), 'nameTests');
  timeStage('planning, all of it', ours('jest/planning'), 'planRun');
  timeStage('· finding timings', ours('jest/knowledge'), 'findTimings');
  timeStage('· · git: tracked?', ours('files/git'), 'isTrackedAndUnmodified');
  timeStage('· · reading timings', ours('files/timings-file'), 'readTimingsFile');
  timeStage('· sizes from git', ours('files/git'), 'headSizes');
  timeStage('· reading marks', ours('jest/marks'), 'findMarks');
  timeStage('· estimates', ours('timings/estimates'), 'estimate');
  timeStage('· previous assignment', ours('timings/assignment'), 'previousAssignment');
  timeStage('· assignment and plan', ours('plan/make-plan'), 'makePlan');
  timeStage('· · hashing keys', ours('plan/workload'), 'prepare');
  timeStage('· · building the ring', ours('plan/ring'), 'ringFor');
  timeStage('· · placing', ours('plan/placement'), 'placeAlongRing');
  timeStage('· · longest first', ours('plan/longest-first'), 'packLongestFirst');
  timeStage('· · polishing', ours('plan/polish'), 'polish');
  timeStage('· · measuring', ours('plan/measure'), 'measure');
  timeStage('· · digest', ours('plan/digest'), 'digestPlan');
  timeStage("base class's sort", Object.getPrototypeOf(Timed.prototype), 'sort');
}

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
    appendFileSync(out, `${JSON.stringify({ loading, constructing: this.constructing, sorting, stages })}\n`);
    return sorted;
  }
};
