import * as l10n from '@vscode/l10n';
import type { RunUnits } from '../../protocol/metrics.ts';

/** Formats a loss briefly with its unit, such as "1.83 nats": nats with two decimals, other units with three digits. */
export function formatLoss(loss: number, { nats, loss: unit }: RunUnits): string {
  return nats ? l10n.t('{0} nats', loss.toFixed(2)) : `${Number(loss.toPrecision(3))} ${unit}`;
}
