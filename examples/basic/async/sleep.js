const sleep = (durationMs) => new Promise((resolve) => setTimeout(resolve, durationMs));

module.exports = { sleep };
