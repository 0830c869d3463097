const significant = new Intl.NumberFormat('en', { maximumSignificantDigits: 4 });
const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** A number for people: four significant digits, thousands grouped, an exponent for the very small and large. */
export function formatNumber(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e7)) return formatExponent(value);
  return size >= 1000 ? whole.format(value) : significant.format(value);
}

/** A count, thousands grouped. */
export function formatCount(value: number): string {
  return whole.format(value);
}

/** Such as 2e-5 or 1.25e9, with three digits at most. */
function formatExponent(value: number): string {
  const [mantissa = '', exponent = ''] = value.toExponential(2).split('e');
  return `${Number(mantissa)}e${exponent.replace('+', '')}`;
}
