// Standard streams are those of the worker, so that a listener which is not removed is there in the next file too.
test('a table is as wide as the terminal', () => {
  const widths = [];
  process.stdout.on('resize', () => widths.push(process.stdout.columns));
  process.stdout.emit('resize');
  expect(widths).toHaveLength(1);
});
