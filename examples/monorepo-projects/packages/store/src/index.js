module.exports = { ...require('./expiry'), ...require('./field-index'), ...require('./ledger') };
