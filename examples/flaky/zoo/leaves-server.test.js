// Leaves a server open: its handle belongs to the worker, not to this file.
const { once } = require('node:events');
const net = require('node:net');

test('a server gets a free port', async () => {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  expect(server.address().port).toBeGreaterThan(0);
});
