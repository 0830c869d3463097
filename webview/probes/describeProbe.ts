import * as l10n from '@vscode/l10n';
import type { RunView } from '../../src/protocol/panel.ts';
import { formatCount, formatNumber } from '../charts/number.ts';
import type { LayerProbe, Probe } from '../../src/protocol/probes.ts';

/** Note on every chart of singular values. */
export const SINGULAR_VALUES =
  'A largest singular value above 1 is necessary, but not sufficient, for exploding gradients (Pascanu et al. 2013).';

/** Formats a fraction as a percentage, such as "34 %"; small fractions above zero as "less than 1 %". */
export function formatShare(share: number): string {
  const percent = 100 * share;
  if (percent > 0 && percent < 1) return 'less than 1 %';
  return `${Math.round(percent)} %`;
}

/** Formats a layer and its direction, such as "lstm_1, forward". */
export function describeLayer({ layer, direction }: Pick<LayerProbe, 'layer' | 'direction'>): string {
  return `${layer}, ${direction}`;
}

/** Describes the size and the duration of a probe. */
export function describeCost({ seconds, timeSteps, batch, start, flow }: Probe): string {
  const followed = Math.max(...flow.map(({ sequences }) => sequences));
  const rest = batch < followed ? ` (gates and parameters: ${formatCount(batch)} of them)` : '';
  return `This probe read ${countSequences(followed)} of ${formatCount(timeSteps)} time steps from the ${start} state${rest} and took ${formatNumber(seconds * 1000)} ms.`;
}

function countSequences(count: number): string {
  return count === 1 ? '1 sequence' : `${formatCount(count)} sequences`;
}

/** Explains why there is no probe, and what to do. */
export function describeMissingProbe({
  state,
  probeEvery,
  applies,
}: Pick<RunView, 'state' | 'probeEvery' | 'applies'>): string {
  if (!applies.tabs.includes('gradients')) {
    const none = l10n.t('This model has no recurrent layers, so there is no gradient through time to show.');
    return applies.firstTab === 'results' ? `${none} ${l10n.t('The panel shows its results.')}` : none;
  }
  if (probeEvery === 0)
    return 'Probes are off in this run. Set "probes.every" to a number of steps and train a new run to see how far back its gradient reaches.';
  switch (state) {
    case 'starting':
      return 'The first probe is taken when training starts.';
    case 'running':
    case 'paused':
      return `No probe yet. A probe is taken every ${formatCount(probeEvery)} steps.`;
    case 'completed':
    case 'stopped':
    case 'diverged':
    case 'failed':
    case 'interrupted':
      return 'This run has no probes. Train a new run to see how far back its gradient reaches.';
  }
}
