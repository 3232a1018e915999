const toKelvin = { K: (t) => t, C: (t) => t + 273.15, F: (t) => ((t + 459.67) * 5) / 9 };
const fromKelvin = { K: (t) => t, C: (t) => t - 273.15, F: (t) => (t * 9) / 5 - 459.67 };

/** A temperature on another scale: K, C or F; below absolute zero there is none. */
function convertTemperature(value, from, to) {
  const kelvin = toKelvin[from](value);
  if (kelvin < 0) throw new RangeError(`${value} ${from} is below absolute zero.`);
  return fromKelvin[to](kelvin);
}

module.exports = { convertTemperature };
