module.exports = (who) => require('./hooks.cjs').remove('node', who.slots[0]);
