// The first test leaves a promise behind. It is rejected at some time, and sometimes while another test runs.
test('starts a request that nobody waits for', () => {
  setTimeout(() => Promise.reject(new Error('request aborted')), Math.random() * 200);
  expect(true).toBe(true);
});

test('saves a draft', async () => {
  await new Promise((resolve) => {
    setTimeout(resolve, 100);
  });
  expect(1 + 1).toBe(2);
});

test('closes the draft', async () => {
  await new Promise((resolve) => {
    setTimeout(resolve, 150);
  });
  expect(2 + 2).toBe(4);
});

// Long enough that it is rejected within this file, in whatever order the tests run.
afterAll(
  () =>
    new Promise((resolve) => {
      setTimeout(resolve, 250);
    }),
);
