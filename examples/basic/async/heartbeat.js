const { EventEmitter } = require('node:events');

/** Emits `beat` with its number every `everyMs` until it is stopped. */
class Heartbeat extends EventEmitter {
  start(everyMs) {
    let number = 0;
    this.timer = setInterval(() => this.emit('beat', ++number), everyMs);
  }

  stop() {
    clearInterval(this.timer);
  }
}

module.exports = { Heartbeat };
