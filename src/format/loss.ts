/** Formats a loss with three decimals, or with three digits below 0.1. */
export function formatLoss(loss: number): string {
  return Math.abs(loss) < 0.1 ? String(Number(loss.toPrecision(3))) : loss.toFixed(3);
}
