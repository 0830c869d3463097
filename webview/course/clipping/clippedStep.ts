/** Ways to treat a gradient whose norm is large. */
export const WAYS = ['none', 'right', 'lecture'] as const;

export type Way = (typeof WAYS)[number];

/** What a way makes of a gradient. */
export interface ClippedStep {
  /** What the way computes as the norm. */
  readonly computed: number;
  /** Factor that it multiplies the gradient by. */
  readonly factor: number;
  /** Norm of the gradient afterwards. */
  readonly norm: number;
  /** Length of the step of gradient descent. */
  readonly step: number;
}

/** What each way computes as the norm of a gradient. The lecture's snippet omits the square root. */
const computed: Readonly<Record<Way, (norm: number) => number>> = {
  none: (norm) => norm,
  right: (norm) => norm,
  lecture: (norm) => norm * norm,
};

/**
 * The step of gradient descent for a gradient of a norm.
 * @param threshold largest norm that is not clipped
 */
export function clippedStep(way: Way, norm: number, threshold: number, learningRate: number): ClippedStep {
  const value = computed[way](norm);
  const factor = way !== 'none' && value > threshold ? threshold / value : 1;
  return { computed: value, factor, norm: factor * norm, step: learningRate * factor * norm };
}
