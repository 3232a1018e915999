/** Calls `action` once, with the last arguments, when there was no call for `quietMs`. */
function debounce(action, quietMs) {
  let timer;
  let waiting = [];
  return (...args) => {
    clearTimeout(timer);
    return new Promise((resolve) => {
      waiting.push(resolve);
      timer = setTimeout(() => {
        const result = action(...args);
        for (const done of waiting) done(result);
        waiting = [];
      }, quietMs);
    });
  };
}

module.exports = { debounce };
