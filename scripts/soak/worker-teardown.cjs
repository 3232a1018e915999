module.exports = (who) => require('./hooks.cjs').remove('worker', who.slot);
