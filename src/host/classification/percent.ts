/** A probability in whole percent; what is not certain is never called so. */
export function percent(probability: number): string {
  if (probability > 0.99 && probability < 1) return '>99 %';
  if (probability < 0.01 && probability > 0) return '<1 %';
  return `${Math.round(100 * probability)} %`;
}
