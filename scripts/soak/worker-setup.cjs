module.exports = (who) => require('./hooks.cjs').make('worker', who.slot);
