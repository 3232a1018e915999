module.exports = { ...require('./length'), ...require('./temperature') };
