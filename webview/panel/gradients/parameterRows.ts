import * as l10n from '@vscode/l10n';
import { formatNumber } from '../../charts/number.ts';
import { formatShare } from '../../probes/describeProbe.ts';
import type { ParameterProbe, Probe } from '../../../src/protocol/probes.ts';

/** A value of the table and the length of its bar, from 0 to 1; null for no bar. */
export interface Measured {
  readonly text: string;
  readonly bar: number | null;
}

/** Row of the table for one parameter of the model. */
export interface ParameterRow {
  readonly name: string;
  readonly gradientNorm: Measured;
  readonly weightNorm: Measured;
  readonly updateRatio: Measured;
}

/** Update-to-weight ratios of an empty and a full bar, on a logarithmic scale. */
const MIN_RATIO = 1e-5;
const MAX_RATIO = 1e-1;

/** Returns the rows of the parameter table. Gradient bars are relative to the largest norm. */
export function parameterRows(parameters: readonly ParameterProbe[]): ParameterRow[] {
  const largest = parameters.reduce((max, { gradientNorm }) => Math.max(max, gradientNorm ?? 0), 0);
  return parameters.map(({ name, gradientNorm, weightNorm, updateRatio }) => ({
    name,
    gradientNorm: {
      text: formatNorm(gradientNorm),
      bar: gradientNorm === null || largest === 0 ? null : gradientNorm / largest,
    },
    weightNorm: { text: formatNorm(weightNorm), bar: null },
    updateRatio: { text: updateRatio === null ? '\u2013' : formatNumber(updateRatio), bar: ratioBar(updateRatio) },
  }));
}

/** Describes the global gradient norm of a probe, which is not that of a training batch, and the clipping in training. */
export function describeGlobalNorm({
  gradientNorm,
  clippedGradientNorm,
  clippedShare,
  batch,
  source,
}: Pick<Probe, 'gradientNorm' | 'clippedGradientNorm' | 'clippedShare' | 'batch' | 'source'>): string {
  const where = source === 'text' ? l10n.t('On this text') : l10n.t('On the {0} sequences of this probe', batch);
  if (gradientNorm === null) return l10n.t('{0}, the global norm of the gradient is not finite.', where);
  const norm = formatNumber(gradientNorm);
  const sentence =
    clippedGradientNorm !== null && clippedGradientNorm < gradientNorm
      ? l10n.t(
          '{0}, the global norm of the gradient is {1}; a training step would clip it to {2}.',
          where,
          norm,
          formatNumber(clippedGradientNorm),
        )
      : l10n.t('{0}, the global norm of the gradient is {1}; a training step would not clip it.', where, norm);
  const training = l10n.t(
    'The batches of training differ: {0} of the last 100 training steps were clipped.',
    formatShare(clippedShare),
  );
  return `${sentence} ${training}`;
}

function ratioBar(ratio: number | null): number | null {
  if (ratio === null || ratio <= 0) return null;
  const length = Math.log(ratio / MIN_RATIO) / Math.log(MAX_RATIO / MIN_RATIO);
  return Math.min(Math.max(length, 0), 1);
}

function formatNorm(norm: number | null): string {
  return norm === null ? l10n.t('not finite') : formatNumber(norm);
}
