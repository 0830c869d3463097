import * as l10n from '@vscode/l10n';
import type { GateStatistics } from '../../../src/protocol/probes.ts';
import { formatShare } from '../../probes/describeProbe.ts';

/** Returns the range of a gate: -1 to 1 for the candidate and the hidden state of a simple RNN, else 0 to 1. */
export function rangeOf({ gate }: GateStatistics): { readonly low: number; readonly high: number } {
  return gate === 'candidate' || gate === 'hidden' ? { low: -1, high: 1 } : { low: 0, high: 1 };
}

/** Describes the saturation of a gate. */
export function describeSaturation(statistics: GateStatistics): string {
  const { low, high } = statistics;
  const limit = rangeOf(statistics).low === 0 ? 0.1 : -0.9;
  return low + high > 0.5
    ? l10n.t('{0} below {1}, {2} above 0.9: saturated.', formatShare(low), limit, formatShare(high))
    : l10n.t('{0} below {1}, {2} above 0.9.', formatShare(low), limit, formatShare(high));
}
