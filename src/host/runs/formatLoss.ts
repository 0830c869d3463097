import type { RunUnits } from '../../protocol/metrics.ts';

/** Formats a loss briefly: nats with two decimals, other units, which may be small, with three digits. */
export function shortLoss(loss: number, { nats }: RunUnits): string {
  return nats ? loss.toFixed(2) : String(Number(loss.toPrecision(3)));
}

/** Formats a loss with its unit, such as "1.83 nats". */
export function formatLoss(loss: number, units: RunUnits): string {
  return `${shortLoss(loss, units)} ${units.nats ? 'nats' : units.loss}`;
}
