import type { RunView } from '../../src/protocol/panel.ts';
import { formatCount, formatNumber } from '../charts/number.ts';
import { JUDGED, type LagCurve, type LayerProbe, type Probe, type VerdictName } from '../../src/protocol/probes.ts';

/** What is said of singular values wherever they are shown. */
export const SINGULAR_VALUES =
  'Largest singular value above 1 is necessary, not sufficient, for explosion (Pascanu et al. 2013).';

/** A verdict in a few words. */
export function verdictTitle({ verdict: { verdict }, clippedShare }: Probe): string {
  return verdict === 'clipped' ? `Clipped on ${formatShare(clippedShare)} of steps` : verdictLabels[verdict];
}

/** A verdict in a word or two. */
export const verdictLabels: Readonly<Record<VerdictName, string>> = {
  exploding: 'Exploding gradient',
  vanishing: 'Vanishing gradient',
  clipped: 'Clipped gradient',
  saturated: 'Saturated gates',
  healthy: 'Healthy gradient',
};

/**
 * A curve relative to lag 0 in a sentence, such as "At lag 20 the gradient is 1.6e-7 of its value at lag 0: vanishing."
 */
export function describeLag(curve: LagCurve): string {
  const furthest = curve.length - 1;
  if (furthest < 1) return '';
  const lag = Math.min(JUDGED.lag, furthest);
  const where = lag < JUDGED.lag ? `At lag ${lag}, the furthest there is,` : `At lag ${lag}`;
  const ratio = curve[lag] ?? null;
  if (ratio === null) return `${where} the gradient is not finite: exploding.`;
  if (ratio === 0) return `${where} nothing is left of the gradient: vanishing.`;
  const size = ratio < 1 ? `${formatRatio(ratio)} of` : `${formatRatio(ratio)} times`;
  return `${where} the gradient is ${size} its value at lag 0: ${judgment(ratio, lag)}.`;
}

/** In a window shorter than the lag that is judged, the same rate a step counts. */
function judgment(ratio: number, lag: number): string {
  const share = lag / JUDGED.lag;
  if (ratio > JUDGED.exploding ** share) return 'exploding';
  return ratio < JUDGED.vanishing ** share ? 'vanishing' : 'neither vanishing nor exploding';
}

/** Two digits say enough in a sentence. */
function formatRatio(value: number): string {
  return formatNumber(Number(value.toPrecision(2)));
}

/** How far back the last step's gradient reaches, in a sentence. */
export function describeMemory({
  effectiveMemory,
  lastStep,
}: Pick<LayerProbe, 'effectiveMemory' | 'lastStep'>): string {
  if (effectiveMemory !== null)
    return `Effective memory ${formatCount(effectiveMemory)} time steps: from there on, less than 1 % of the gradient is left.`;
  return `Effective memory: at least the ${formatCount(Math.max(0, lastStep.h.length - 1))} time steps looked at.`;
}

/** A share as a percentage, such as "34 %"; very small ones are not called nothing. */
export function formatShare(share: number): string {
  const percent = 100 * share;
  if (percent > 0 && percent < 1) return 'less than 1 %';
  return `${Math.round(percent)} %`;
}

/** A layer and its direction, such as "lstm_1, forward". */
export function describeLayer({ layer, direction }: Pick<LayerProbe, 'layer' | 'direction'>): string {
  return `${layer}, ${direction}`;
}

/** What taking a probe has cost. */
export function describeCost({ seconds, timeSteps, batch }: Probe): string {
  const sequences = batch === 1 ? '1 sequence' : `${formatCount(batch)} sequences`;
  return `This probe read ${sequences} of ${formatCount(timeSteps)} time steps and took ${formatNumber(seconds * 1000)} ms.`;
}

/** Why there is no probe to show, and what to do. */
export function describeMissingProbe({ state, probeEvery }: Pick<RunView, 'state' | 'probeEvery'>): string {
  if (probeEvery === 0)
    return 'Probes are switched off in this run. Set "probes.every" to a number of steps and train a new run, to see how far back its gradient reaches.';
  switch (state) {
    case 'starting':
      return 'The first probe is taken when training begins.';
    case 'running':
    case 'paused':
      return `No probe yet: one is taken every ${formatCount(probeEvery)} steps.`;
    case 'completed':
    case 'stopped':
    case 'diverged':
    case 'failed':
    case 'interrupted':
      return 'No probe was taken in this run. Train a new one, to see how far back its gradient reaches.';
  }
}
