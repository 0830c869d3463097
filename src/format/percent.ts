/** A fraction in percent, such as "12 %" for 0.123. */
export function formatPercent(fraction: number, decimals = 0): string {
  return `${(100 * fraction).toFixed(decimals)} %`;
}
