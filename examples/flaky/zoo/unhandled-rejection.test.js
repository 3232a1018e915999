// The first test leaves a promise behind that nobody waits for. It is rejected at times, while another test runs.
test('starts a request that nobody waits for', () => {
  const abort = () => (Math.random() < 0.4 ? Promise.reject(new Error('request aborted')) : undefined);
  setTimeout(abort, Math.random() * 120);
  expect(true).toBe(true);
});

test('saves a draft', async () => {
  await new Promise((resolve) => {
    setTimeout(resolve, 60);
  });
  expect(1 + 1).toBe(2);
});

test('closes the draft', async () => {
  await new Promise((resolve) => {
    setTimeout(resolve, 90);
  });
  expect(2 + 2).toBe(4);
});

// Long enough that it is rejected within this file, in whatever order the tests run.
afterAll(
  () =>
    new Promise((resolve) => {
      setTimeout(resolve, 150);
    }),
);
