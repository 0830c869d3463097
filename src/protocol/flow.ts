import * as z from 'zod';
import { direction, type Finding, flowVerdict } from './verdicts.ts';
import { joined, phrase, sentences, type Text } from '../phrases/phrase.ts';

/**
 * Gradient flow of one direction of a layer, as a distribution over sequences: how the gradient of a sequence's last
 * loss with respect to the layer's state grows or shrinks with the lag, relative to lag 0. The state is the whole state:
 * h, or [h; c] for an LSTM.
 */

/** A value of a curve; null for one that is not finite, which JSON lacks. */
const measured = z.number().nullable();
const curve = z.array(measured);

/**
 * Limits of the ratio at the end of the window, the last lag of a sequence, to lag 0. A gradient of which less than 1 %
 * is left has vanished, one more than ten times as large has exploded. A tanh network that fails at temporal order for
 * want of clipping (Pascanu et al. 2013) reaches ratios of 20 to 300 before each leap of its weights.
 */
export const FLOW_LIMITS = { vanishing: 0.01, exploding: 10 } as const;

export const flow = z.object({
  layer: z.string(),
  direction,
  verdict: flowVerdict,
  /** Number of sequences followed. */
  sequences: z.int().positive(),
  /** Lags in the window: the steps of the longest sequence. */
  window: z.int().positive(),
  /** Median, 10 % and 90 % quantiles and root mean square by lag, over the sequences that reach the lag. */
  median: curve,
  low: curve,
  high: curve,
  mean: curve,
  /** Medians of the parts of the state, each relative to its value at lag 0; `c` is null for a cell without it. */
  h: curve,
  c: curve.nullable(),
  /** Curves of a few single sequences; only in probes with the expensive measurements. */
  singles: z.array(curve),
  /**
   * Factor by which the gradient grows with each step back, from a straight line through the logarithms of a sequence's
   * curve; the median over sequences with its 95 % interval. Null if no sequence has two values above zero.
   */
  growthPerStep: z.object({ value: measured, low: measured, high: measured }),
  /** Ratio of the last lag of a sequence to lag 0: the median over sequences, and its 95 % interval. */
  ratioAtEnd: measured,
  endInterval: z.object({ low: measured, high: measured }),
  /** First lags at which the median is below a tenth, a hundredth and a thousandth; null if there is none. */
  stepsToTenth: z.int().nullable(),
  stepsToHundredth: z.int().nullable(),
  stepsToThousandth: z.int().nullable(),
  /** Shares of the sequences that are beyond a limit at their end. */
  share: z.object({ vanishing: z.number(), exploding: z.number() }),
});

export type Flow = z.output<typeof flow>;

/** Number of steps from the loss back to the furthest input that decides it, in a task that has such a distance. */
type Distance = number | null;

/** The verdict on a direction of a layer, with its numbers. */
export function flowFinding(judged: Flow, distance: Distance = null): Finding {
  const { verdict, layer, direction, window, ratioAtEnd, endInterval, growthPerStep, sequences, share } = judged;
  const { stepsToTenth, stepsToHundredth } = judged;
  const ratioAtDistance =
    distance === null ? null : (judged.median[Math.min(distance, judged.median.length - 1)] ?? null);
  return {
    verdict,
    layer,
    direction,
    sentence: sentences(verdictSentences[verdict](judged), distanceSentence(distance, ratioAtDistance)),
    numbers: {
      window,
      sequences,
      ratioAtEnd,
      ratioAtEndLow: endInterval.low,
      ratioAtEndHigh: endInterval.high,
      growthPerStep: growthPerStep.value,
      stepsToTenth,
      stepsToHundredth,
      shareVanishing: share.vanishing,
      shareExploding: share.exploding,
      ...(distance !== null && { distance, ratioAtDistance }),
    },
  };
}

const verdictSentences: Readonly<Record<Flow['verdict'], (judged: Flow) => Text>> = {
  vanishing: (judged) => {
    const { stepsToHundredth: steps, window } = judged;
    return sentences(
      steps === null
        ? phrase('The gradient vanishes (less than 1 % of it is left).')
        : phrase('The gradient vanishes after {0} of {1} steps (less than 1 % of it is left).', steps, window),
      atEnd(judged),
      growth(judged),
    );
  },
  exploding: (judged) => {
    const { ratioAtEnd: ratio, window } = judged;
    if (ratio === null)
      return phrase('The gradient explodes: it is not finite at the end of the window of {0} steps.', window);
    return sentences(
      phrase(
        'The gradient explodes: it grows by a factor of {0} over the window of {1} steps ({2}).',
        formatValue(ratio),
        window,
        interval(judged),
      ),
      growth(judged),
    );
  },
  carries: (judged) => sentences(phrase('The gradient carries through the window.'), atEnd(judged), growth(judged)),
  mixed: (judged) => {
    const { vanishing, exploding } = judged.share;
    const parts = [
      vanishing > 0 ? phrase('vanishes in {0}', percent(vanishing)) : undefined,
      exploding > 0 ? phrase('explodes in {0}', percent(exploding)) : undefined,
      phrase('carries in {0}', percent(1 - vanishing - exploding)),
    ];
    return sentences(
      phrase('The gradient differs by sequence: it {0} of them.', joined(parts, ', ')),
      atEnd(judged),
      growth(judged),
    );
  },
};

function atEnd(judged: Flow): Text {
  const { ratioAtEnd: ratio, window } = judged;
  return phrase(
    'At the end of the window of {0} steps it is {1} of its value at lag 0 ({2}).',
    window,
    ratio === null ? phrase('not finite') : formatValue(ratio),
    interval(judged),
  );
}

/** The interval and its sequences, such as "95 % interval 0.011 to 0.03, 64 sequences". */
function interval({ endInterval: { low, high }, sequences: count }: Flow): Text {
  if (count === 1) return phrase('one sequence');
  return low === null || high === null
    ? phrase('{0} sequences', count)
    : phrase('95 % interval {0} to {1}, {2} sequences', formatValue(low), formatValue(high), count);
}

function growth({ growthPerStep: { value, low, high }, sequences: count }: Flow): Text {
  if (value === null) return '';
  return count === 1 || low === null || high === null
    ? phrase('Each step back multiplies it by {0}.', formatFactor(value))
    : phrase(
        'Each step back multiplies it by {0} ({1} to {2}).',
        formatFactor(value),
        formatFactor(low),
        formatFactor(high),
      );
}

function distanceSentence(distance: Distance, ratio: number | null): Text {
  if (distance === null) return '';
  return phrase(
    'The answer lies up to {0} steps back; there the gradient is {1} of its value at lag 0.',
    distance,
    ratio === null ? phrase('not finite') : formatValue(ratio),
  );
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

/** Formats a growth factor with three decimals: factors near 1 differ there. */
function formatFactor(value: number): string {
  return value < 0.01 || value >= 100 ? formatValue(value) : String(Number(value.toFixed(3)));
}

/** Formats a number with two significant digits, as a power of ten if it would have many zeros. */
export function formatValue(value: number): string {
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-3 || size >= 1e4)
    ? value.toExponential(1).replace('e+', 'e')
    : String(Number(value.toPrecision(2)));
}

/** First lag at which a curve is below a limit; null if there is none. */
export function firstBelow(curve: readonly (number | null)[], limit: number): number | null {
  const lag = curve.findIndex((value) => value !== null && value < limit);
  return lag < 0 ? null : lag;
}

const SEVERITY: Readonly<Record<Flow['verdict'], number>> = { exploding: 0, vanishing: 1, mixed: 2, carries: 3 };

/** Flows by severity of the verdict, within a verdict the most extreme ratio at the end first. */
export function worstFirst(flows: readonly Flow[]): Flow[] {
  return [...flows].sort((a, b) => SEVERITY[a.verdict] - SEVERITY[b.verdict] || extremity(b) - extremity(a));
}

/** Distance of a ratio from 1 on a log scale. */
function extremity({ ratioAtEnd }: Flow): number {
  return ratioAtEnd === null || ratioAtEnd === 0 ? Infinity : Math.abs(Math.log(ratioAtEnd));
}
