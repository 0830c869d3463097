const significant = new Intl.NumberFormat('en', { maximumSignificantDigits: 4 });
const integer = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** Formats a number: four significant digits, grouped thousands, an exponent for very small and large values. */
export function formatNumber(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e7)) return formatExponent(value);
  return size >= 1000 ? integer.format(value) : significant.format(value);
}

/** Formats a count with grouped thousands. */
export function formatCount(value: number): string {
  return integer.format(value);
}

/** Formats a number such as 2e-5 or 1.25e9, with at most three digits. */
function formatExponent(value: number): string {
  const [mantissa = '', exponent = ''] = value.toExponential(2).split('e');
  return `${Number(mantissa)}e${exponent.replace('+', '')}`;
}
