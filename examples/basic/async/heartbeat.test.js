const { Heartbeat } = require('./heartbeat');
const { sleep } = require('./sleep');

test('beats until it is stopped', async () => {
  const heart = new Heartbeat();
  const beats = [];
  await new Promise((resolve) => {
    heart.on('beat', (number) => {
      beats.push(number);
      if (number < 6) return;
      heart.stop();
      resolve();
    });
    heart.start(60);
  });
  await sleep(150);
  expect(beats).toEqual([1, 2, 3, 4, 5, 6]);
});
