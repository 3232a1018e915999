const { TestEnvironment } = require('jest-environment-node');

/** A test environment in which it is always noon of one day. */
module.exports = class ClockEnvironment extends TestEnvironment {
  async setup() {
    await super.setup();
    const noonMs = Date.parse('2026-02-03T12:00:00Z');
    const { Date: RealDate } = this.global;
    this.global.Date = class extends RealDate {
      constructor(...args) {
        super(...(args.length === 0 ? [noonMs] : args));
      }
    };
  }
};
