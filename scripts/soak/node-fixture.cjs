const { defineFixture } = require('../../dist/worker.js');
const { make, remove } = require('./hooks.cjs');

module.exports = defineFixture({
  scope: 'node',
  setup: async (who) => {
    await make('node-fixture', who.slots[0]);
    return { name: who.slots[0] };
  },
  teardown: (_, who) => remove('node-fixture', who.slots[0]),
});
