import * as l10n from '@vscode/l10n';
import type { RunView } from '../../src/protocol/panel.ts';
import { formatCount, formatNumber } from '../charts/number.ts';
import type { LayerProbe, Probe } from '../../src/protocol/probes.ts';

/** Note on every chart of singular values. */
export const SINGULAR_VALUES = l10n.t(
  'A largest singular value above 1 is necessary, but not sufficient, for exploding gradients (Pascanu et al. 2013).',
);

/** Formats a fraction as a percentage, such as "34 %"; small fractions above zero as "less than 1 %". */
export function formatShare(share: number): string {
  const percent = 100 * share;
  if (percent > 0 && percent < 1) return l10n.t('less than 1 %');
  return `${Math.round(percent)} %`;
}

/** Formats a layer and its direction, such as "lstm_1, forward". */
export function describeLayer({ layer, direction }: Pick<LayerProbe, 'layer' | 'direction'>): string {
  return direction === 'forward' ? l10n.t('{0}, forward', layer) : l10n.t('{0}, backward', layer);
}

/** Describes the size and the duration of a probe. */
export function describeCost({ seconds, timeSteps, batch, start, flow }: Probe): string {
  const followed = Math.max(...flow.map(({ sequences }) => sequences));
  const values = [countSequences(followed), formatCount(timeSteps), formatNumber(seconds * 1000), formatCount(batch)];
  if (batch < followed)
    return start === 'zero'
      ? l10n.t(
          'This probe read {0} of {1} time steps from the zero state (gates and parameters: {3} of them) and took {2} ms.',
          ...values,
        )
      : l10n.t(
          'This probe read {0} of {1} time steps from the carried state (gates and parameters: {3} of them) and took {2} ms.',
          ...values,
        );
  return start === 'zero'
    ? l10n.t('This probe read {0} of {1} time steps from the zero state and took {2} ms.', ...values)
    : l10n.t('This probe read {0} of {1} time steps from the carried state and took {2} ms.', ...values);
}

function countSequences(count: number): string {
  return count === 1 ? l10n.t('1 sequence') : l10n.t('{0} sequences', formatCount(count));
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
    return l10n.t(
      'Probes are off in this run. Set "probes.every" to a number of steps and train a new run to see how far back its gradient reaches.',
    );
  switch (state) {
    case 'waiting':
    case 'starting':
      return l10n.t('The first probe is taken when training starts.');
    case 'running':
    case 'paused':
      return l10n.t('No probe yet. A probe is taken every {0} steps.', formatCount(probeEvery));
    case 'completed':
    case 'stopped':
    case 'diverged':
    case 'failed':
    case 'interrupted':
      return l10n.t('This run has no probes. Train a new run to see how far back its gradient reaches.');
    case 'imported':
      return l10n.t('An imported model has no probes of its training. Probe it on a text.');
  }
}
