// Node's own modules are shared by all files of a worker: Jest's module registry does not protect them.
const os = require('node:os');

test('greets by the name of the host', () => {
  os.hostname = () => 'fixture';
  expect(`hello ${os.hostname()}`).toBe('hello fixture');
});
