const { sleep } = require('./sleep');

/** Tries again after `firstWaitMs`, then twice that, and so on; the last error is thrown. */
async function retry(action, { attempts, firstWaitMs }) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await action(attempt);
    } catch (error) {
      if (attempt >= attempts) throw error;
      await sleep(firstWaitMs * 2 ** (attempt - 1));
    }
  }
}

module.exports = { retry };
