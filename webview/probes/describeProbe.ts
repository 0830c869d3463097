import type { RunView } from '../../src/protocol/panel.ts';
import { formatCount, formatNumber } from '../charts/number.ts';
import { JUDGED, type LagCurve, type LayerProbe, type Probe, type VerdictName } from '../../src/protocol/probes.ts';

/** Note on every chart of singular values. */
export const SINGULAR_VALUES =
  'A largest singular value above 1 is necessary, but not sufficient, for exploding gradients (Pascanu et al. 2013).';

/** Returns the title of a probe's verdict. */
export function verdictTitle({ verdict: { verdict }, clippedShare }: Probe): string {
  return verdict === 'clipped' ? `Clipped on ${formatShare(clippedShare)} of steps` : verdictLabels[verdict];
}

/** Short labels of the verdicts. */
export const verdictLabels: Readonly<Record<VerdictName, string>> = {
  exploding: 'Exploding gradient',
  vanishing: 'Vanishing gradient',
  clipped: 'Clipped gradient',
  saturated: 'Saturated gates',
  healthy: 'Healthy gradient',
};

/** Describes a curve, such as "At lag 20, the gradient is 1.6e-7 of its value at lag 0: vanishing." */
export function describeLag(curve: LagCurve): string {
  const furthest = curve.length - 1;
  if (furthest < 1) return '';
  const lag = Math.min(JUDGED.lag, furthest);
  const where = lag < JUDGED.lag ? `At lag ${lag}, the largest lag measured,` : `At lag ${lag},`;
  const ratio = curve[lag] ?? null;
  if (ratio === null) return `${where} the gradient is not finite: exploding.`;
  if (ratio === 0) return `${where} the gradient is zero: vanishing.`;
  const size = ratio < 1 ? `${formatRatio(ratio)} of` : `${formatRatio(ratio)} times`;
  return `${where} the gradient is ${size} its value at lag 0: ${judgment(ratio, lag)}.`;
}

/** Judges a ratio. For a lag shorter than the judged one, the thresholds are scaled to the same rate per step. */
function judgment(ratio: number, lag: number): string {
  const fraction = lag / JUDGED.lag;
  if (ratio > JUDGED.exploding ** fraction) return 'exploding';
  return ratio < JUDGED.vanishing ** fraction ? 'vanishing' : 'neither vanishing nor exploding';
}

/** Formats a ratio with two significant digits. */
function formatRatio(value: number): string {
  return formatNumber(Number(value.toPrecision(2)));
}

/** Describes how far back the gradient of the last step reaches. */
export function describeMemory({
  effectiveMemory,
  lastStep,
}: Pick<LayerProbe, 'effectiveMemory' | 'lastStep'>): string {
  if (effectiveMemory !== null)
    return `Effective memory: ${formatCount(effectiveMemory)} time steps. From that lag on, less than 1 % of the gradient remains.`;
  return `Effective memory: at least ${formatCount(Math.max(0, lastStep.h.length - 1))} time steps, the length of the probe.`;
}

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
export function describeCost({ seconds, timeSteps, batch }: Probe): string {
  const sequences = batch === 1 ? '1 sequence' : `${formatCount(batch)} sequences`;
  return `This probe read ${sequences} of ${formatCount(timeSteps)} time steps and took ${formatNumber(seconds * 1000)} ms.`;
}

/** Explains why there is no probe, and what to do. */
export function describeMissingProbe({ state, probeEvery }: Pick<RunView, 'state' | 'probeEvery'>): string {
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
