module.exports = { displayName: 'units', testEnvironment: 'node' };
