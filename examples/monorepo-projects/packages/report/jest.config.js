// Without a displayName: this project is known by its folder.
module.exports = { testEnvironment: 'node' };
