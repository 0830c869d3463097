import { formatPercent } from '../format/percent.ts';
import { JUDGED, type LayerProbe, type Probe, type Verdict } from '../protocol/probes.ts';
import { adviceFor, type RunSettings } from './advice.ts';
import { leading } from './probed.ts';

const { lag: LAG, exploding: EXPLODING, vanishing: VANISHING } = JUDGED;
/** Limits of the fraction of clipped steps and of saturated gate values. */
const CLIPPED = 0.2;
const SATURATED = 0.5;

/** Measurements that a verdict uses. */
export type Measurements = Pick<Probe, 'loss' | 'layers' | 'parameters' | 'gradientNorm' | 'clippedShare'>;

type Reason = Verdict['reasons'][number];

/**
 * Judges gradient flow and gates. Ratios and gates are those of the leading layer, the last forward one. A value that
 * is not finite counts in every layer.
 */
export function diagnose(measurements: Measurements, settings: RunSettings): Verdict {
  const layer = leading(measurements.layers);
  const reasons = [
    ...exploding(measurements, layer, settings),
    ...vanishing(layer, settings),
    ...clipped(measurements),
    ...saturated(layer),
  ];
  if (reasons.length === 0) reasons.push(healthy(layer));
  const found = reasons.map(({ verdict }) => verdict);
  return { verdict: found[0]!, reasons, advice: adviceFor(new Set(found), settings, layer) };
}

function exploding(
  { loss, parameters, gradientNorm }: Measurements,
  layer: LayerProbe,
  settings: RunSettings,
): Reason[] {
  const reason = (sentence: string): Reason => ({ verdict: 'exploding', sentence });
  const broken = parameters.find((parameter) => parameter.gradientNorm === null || parameter.weightNorm === null);
  if (loss === null) return [reason('The loss is not finite.')];
  if (broken)
    return [
      reason(
        `The ${broken.weightNorm === null ? 'weights' : 'gradient'} of ${broken.name} ${broken.weightNorm === null ? 'are' : 'is'} not finite.`,
      ),
    ];
  if (gradientNorm === null || layer.lastStepNorm === null) return [reason('The gradient is not finite.')];
  if (layer.lastStepNorm === 0) return [];
  const { lag, ratio, share } = judged(layer);
  if (ratio === null) return [reason(`The gradient of the last step's loss is not finite at lag ${lag}.`)];
  if (ratio <= EXPLODING ** share) return [];
  return [
    reason(
      `The gradient of the last step's loss explodes: ${formatRatio(lag, ratio)} (limit: ${formatValue(EXPLODING ** share)}).${aboveOne(layer, settings)}`,
    ),
  ];
}

function vanishing(layer: LayerProbe, settings: RunSettings): Reason[] {
  const reason = (sentence: string): Reason => ({ verdict: 'vanishing', sentence });
  if (layer.lastStepNorm === null) return [];
  if (layer.lastStepNorm === 0)
    return [reason("The gradient of the last step's loss with respect to its state is zero.")];
  const { lag, ratio, share } = judged(layer);
  if (ratio === null || ratio >= VANISHING ** share) return [];
  return [
    reason(
      `The gradient of the last step's loss vanishes: ${formatRatio(lag, ratio)} (limit: ${formatValue(VANISHING ** share)}).${belowOne(layer, settings)}${forgetting(layer, lag)}`,
    ),
  ];
}

function clipped({ clippedShare }: Measurements): Reason[] {
  if (clippedShare <= CLIPPED) return [];
  return [
    {
      verdict: 'clipped',
      sentence: `The gradient was clipped in ${formatPercent(clippedShare)} of the last 100 steps (limit: ${formatPercent(CLIPPED)}).`,
    },
  ];
}

function saturated({ gates }: LayerProbe): Reason[] {
  const share = gates.reduce((sum, { low, high }) => sum + low + high, 0) / gates.length;
  // Without gates, the fraction is NaN.
  if (!(share > SATURATED)) return [];
  const which =
    gates[0]?.gate === 'hidden'
      ? 'hidden values are saturated (below -0.9 or above 0.9)'
      : 'gate activations are saturated (below 0.1 or above 0.9; candidates: below -0.9 or above 0.9)';
  return [
    {
      verdict: 'saturated',
      sentence: `${formatPercent(share)} of ${which}. The limit is ${formatPercent(SATURATED)}.`,
    },
  ];
}

function healthy(layer: LayerProbe): Reason {
  const { lag, ratio } = judged(layer);
  return {
    verdict: 'healthy',
    sentence: `The gradient of the last step's loss neither vanishes nor explodes: ${formatRatio(lag, ratio ?? NaN)}. Clipping is rare, and the gates are not saturated.`,
  };
}

/**
 * Ratio at the judged lag. A shorter window is judged at its end by the same rate per step: the limits are raised to
 * the power `share`.
 */
function judged({ lastStep }: LayerProbe): { lag: number; ratio: number | null; share: number } {
  const lag = Math.min(LAG, lastStep.h.length - 1);
  return { lag, ratio: lastStep.h[lag] ?? null, share: lag / LAG };
}

/** The theory of Pascanu et al. 2013 (section 2.1) covers the simple RNN only; gamma is 1 for tanh. */
function aboveOne({ sigmaMax, cell }: LayerProbe, { activation }: RunSettings): string {
  if (cell !== 'rnn' || activation === 'relu' || sigmaMax === null || sigmaMax <= 1) return '';
  return ` The largest singular value of the recurrent kernel is ${formatValue(sigmaMax)}; a value above 1 is necessary but not sufficient for explosion (Pascanu et al. 2013).`;
}

function belowOne({ sigmaMax, cell }: LayerProbe, { activation }: RunSettings): string {
  if (cell !== 'rnn' || activation === 'relu' || sigmaMax === null || sigmaMax >= 1) return '';
  return ` The largest singular value of the recurrent kernel is ${formatValue(sigmaMax)}; a value below 1/gamma, which is 1 for ${activation}, is sufficient for vanishing (Pascanu et al. 2013).`;
}

function forgetting({ forgetBias, forgetProduct }: LayerProbe, lag: number): string {
  const product = forgetProduct?.[lag];
  if (forgetBias === null || product == null) return '';
  return ` With a mean forget bias of ${formatValue(forgetBias)}, the forget gates keep ${formatValue(product)} of the cell state after ${lag} steps.`;
}

function formatRatio(lag: number, ratio: number): string {
  return `at lag ${lag} it is ${formatValue(ratio)} times its value at lag 0`;
}

/** Formats a number with two significant digits, as a power of ten if it would have many zeros. */
function formatValue(value: number): string {
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-3 || size >= 1e4)
    ? value.toExponential(1).replace('e+', 'e')
    : String(Number(value.toPrecision(2)));
}
