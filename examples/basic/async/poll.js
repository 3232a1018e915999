const { sleep } = require('./sleep');

/** Asks every `everyMs` until the answer is not undefined; an error after `times` questions. */
async function poll(question, { everyMs, times }) {
  for (let asked = 1; asked <= times; asked++) {
    const answer = await question();
    if (answer !== undefined) return answer;
    if (asked < times) await sleep(everyMs);
  }
  throw new Error(`No answer after ${times} questions.`);
}

module.exports = { poll };
