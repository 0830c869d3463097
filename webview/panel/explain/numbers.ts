import { formatNumber } from '../../charts/number.ts';

/** Formats a number with four significant digits, with an exponent if it is very small or large, and a minus sign. */
export function formatValue(value: number): string {
  const size = Math.abs(value);
  const text = size !== 0 && (size < 1e-4 || size >= 1e7) ? exponentForm(value) : formatNumber(value);
  return text.replace(/^-/, '−');
}

/** Class of a number or a bar by its sign. */
export function signClass(value: number): string {
  return value < 0 ? 'negative' : 'positive';
}

function exponentForm(value: number): string {
  const [mantissa = '', exponent = ''] = value.toExponential(3).split('e');
  return `${Number(mantissa)}e${exponent.replace('+', '')}`;
}
