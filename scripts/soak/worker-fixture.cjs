const { defineFixture } = require('../../dist/worker.js');
const { make, remove } = require('./hooks.cjs');

module.exports = defineFixture({
  scope: 'worker',
  setup: async (who) => {
    await make('worker-fixture', who.slot);
    return { name: who.slot };
  },
  teardown: (_, who) => remove('worker-fixture', who.slot),
});
