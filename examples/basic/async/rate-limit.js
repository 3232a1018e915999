/** A token bucket: `burst` calls at once, then one every `everyMs`. */
function createRateLimit({ burst, everyMs }) {
  let tokens = burst;
  let checkedAt = Date.now();
  return () => {
    const refilled = Math.floor((Date.now() - checkedAt) / everyMs);
    tokens = Math.min(burst, tokens + refilled);
    checkedAt += refilled * everyMs;
    if (tokens === 0) return false;
    tokens--;
    return true;
  };
}

module.exports = { createRateLimit };
