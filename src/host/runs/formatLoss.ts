import type { RunUnits } from '../../protocol/metrics.ts';

/** Formats a loss briefly with its unit, such as "1.83 nats": nats with two decimals, other units with three digits. */
export function formatLoss(loss: number, { nats, loss: unit }: RunUnits): string {
  return nats ? `${loss.toFixed(2)} nats` : `${Number(loss.toPrecision(3))} ${unit}`;
}
