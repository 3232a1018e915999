// Fails after zoo/leaves-listener.test.js in the same worker.
test('a closed table listens to nothing', () => {
  const redraw = () => undefined;
  process.stdout.on('resize', redraw);
  process.stdout.off('resize', redraw);
  expect(process.stdout.listenerCount('resize')).toBe(0);
});
