/** All primes up to and including `limit` (the sieve of Eratosthenes). */
function primesUpTo(limit) {
  const composite = new Uint8Array(limit + 1);
  const primes = [];
  for (let n = 2; n <= limit; n++) {
    if (composite[n]) continue;
    primes.push(n);
    for (let multiple = n * n; multiple <= limit; multiple += n) composite[multiple] = 1;
  }
  return primes;
}

function factors(number) {
  const found = [];
  let rest = number;
  for (let divisor = 2; divisor * divisor <= rest; divisor++) {
    while (rest % divisor === 0) {
      found.push(divisor);
      rest /= divisor;
    }
  }
  if (rest > 1) found.push(rest);
  return found;
}

module.exports = { factors, primesUpTo };
