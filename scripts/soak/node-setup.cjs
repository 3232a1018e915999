module.exports = (who) => require('./hooks.cjs').make('node', who.slots[0]);
