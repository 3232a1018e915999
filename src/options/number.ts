/** A whole number in plain decimal digits within the bounds, else undefined: no sign, space, fraction or exponent. */
export function readInteger(given: unknown, min: number, max = Number.MAX_SAFE_INTEGER): number | undefined {
  const value = typeof given === 'string' && /^\d+$/.test(given) ? Number(given) : given;
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max ? value : undefined;
}

/** A number of 0 or more in plain decimal digits, else undefined. */
export function readDecimal(given: unknown): number | undefined {
  return typeof given === 'string' && /^\d{1,15}(?:\.\d{1,15})?$/.test(given) ? Number(given) : undefined;
}
