import { formatNumber } from '../../charts/number.ts';
import { formatShare } from '../../probes/describeProbe.ts';
import type { ParameterProbe, Probe } from '../../../src/protocol/probes.ts';

/** A value of the table, and how long the bar beside it is, from 0 to 1; no bar where that says nothing. */
export interface Measured {
  readonly text: string;
  readonly bar: number | null;
}

/** One parameter of the model, as a row of the table. */
export interface ParameterRow {
  readonly name: string;
  readonly gradientNorm: Measured;
  readonly weightNorm: Measured;
  readonly updateRatio: Measured;
}

/** Update-to-weight ratios from here to there fill the bar, on a logarithmic scale. */
const LEAST_RATIO = 1e-5;
const MOST_RATIO = 1e-1;

/** The table of parameters. Gradient bars are relative to the largest norm. */
export function parameterRows(parameters: readonly ParameterProbe[]): ParameterRow[] {
  const largest = parameters.reduce((most, { gradientNorm }) => Math.max(most, gradientNorm ?? 0), 0);
  return parameters.map(({ name, gradientNorm, weightNorm, updateRatio }) => ({
    name,
    gradientNorm: {
      text: words(gradientNorm),
      bar: gradientNorm === null || largest === 0 ? null : gradientNorm / largest,
    },
    weightNorm: { text: words(weightNorm), bar: null },
    updateRatio: { text: updateRatio === null ? '\u2013' : formatNumber(updateRatio), bar: ratioBar(updateRatio) },
  }));
}

/** The global norm in a sentence. */
export function globalNormSentence({ gradientNorm, clippedGradientNorm, clippedShare }: Probe): string {
  if (gradientNorm === null) return 'The global norm of the gradient is not finite.';
  const after =
    clippedGradientNorm !== null && clippedGradientNorm < gradientNorm
      ? `, scaled down to ${formatNumber(clippedGradientNorm)} by clipping`
      : ', not clipped';
  return `The global norm of the gradient is ${formatNumber(gradientNorm)}${after}; of the last 100 steps, ${formatShare(clippedShare)} were clipped.`;
}

function ratioBar(ratio: number | null): number | null {
  if (ratio === null || ratio <= 0) return null;
  const place = Math.log(ratio / LEAST_RATIO) / Math.log(MOST_RATIO / LEAST_RATIO);
  return Math.min(Math.max(place, 0), 1);
}

function words(norm: number | null): string {
  return norm === null ? 'not finite' : formatNumber(norm);
}
