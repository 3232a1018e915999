module.exports = { ...require('./bar'), ...require('./summary'), ...require('./table') };
