/** Runs the jobs, at most `limit` at a time; results stand in the order of the jobs. */
async function runPool(jobs, limit) {
  const results = Array.from({ length: jobs.length });
  let next = 0;
  const worker = async () => {
    while (next < jobs.length) {
      const at = next++;
      results[at] = await jobs[at]();
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, jobs.length) }, worker));
  return results;
}

module.exports = { runPool };
