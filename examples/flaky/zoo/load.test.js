// Takes the time that it needs for the time that passes: beside other work more passes.
test('an index is built in time', () => {
  const cpu = process.cpuUsage();
  const start = performance.now();
  let cpuMs = 0;
  for (let value = 0; cpuMs < 300; ) {
    for (let step = 0; step < 1e6; step++) value = (value * 31 + step) % 1000003;
    const { user, system } = process.cpuUsage(cpu);
    cpuMs = (user + system) / 1000;
  }
  expect(performance.now() - start).toBeLessThan(300 * 1.7);
});
