const gcd = (a, b) => (b === 0n ? a : gcd(b, a % b));
const absolute = (value) => (value < 0n ? -value : value);

/** An exact fraction in lowest terms, the sign in the numerator. */
class Fraction {
  constructor(numerator, denominator = 1n) {
    if (denominator === 0n) throw new RangeError('A fraction cannot have the denominator 0.');
    const divisor = gcd(absolute(numerator), absolute(denominator)) || 1n;
    const sign = denominator < 0n ? -1n : 1n;
    this.numerator = (sign * numerator) / divisor;
    this.denominator = (sign * denominator) / divisor;
  }

  plus(other) {
    return new Fraction(
      this.numerator * other.denominator + other.numerator * this.denominator,
      this.denominator * other.denominator,
    );
  }

  times(other) {
    return new Fraction(this.numerator * other.numerator, this.denominator * other.denominator);
  }

  toString() {
    return this.denominator === 1n ? `${this.numerator}` : `${this.numerator}/${this.denominator}`;
  }
}

module.exports = { Fraction };
