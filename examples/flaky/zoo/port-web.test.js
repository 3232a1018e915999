// This file and zoo/port-api.test.js listen on one port.
const { once } = require('node:events');
const http = require('node:http');

test('the web server starts', async () => {
  const server = http.createServer((_request, response) => response.end('web'));
  server.listen(41739, '127.0.0.1');
  await once(server, 'listening');
  await new Promise((resolve) => {
    setTimeout(resolve, 400);
  });
  server.close();
});
