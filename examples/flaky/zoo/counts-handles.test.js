// Fails after zoo/leaves-server.test.js in the same worker.
const { once } = require('node:events');
const net = require('node:net');
const { setTimeout: wait } = require('node:timers/promises');

test('a closed server leaves no handle', async () => {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  server.close();
  await once(server, 'close');
  // Its handle is closed a little later.
  await wait(10);
  expect(process.getActiveResourcesInfo()).not.toContain('TCPServerWrap');
});
