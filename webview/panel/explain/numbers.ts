import { formatNumber } from '../../charts/number.ts';

/** Formats a number with four significant digits and a minus sign. */
export function formatValue(value: number): string {
  return formatNumber(value).replace(/^-/, '−');
}

/** Class of a number or a bar by its sign. */
export function signClass(value: number): string {
  return value < 0 ? 'negative' : 'positive';
}
