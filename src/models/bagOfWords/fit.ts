import { minimize } from '../lbfgs.ts';
import type { SparseVector } from './bag.ts';
import { FeedForward } from './feedForward.ts';

/** Network before training or after an iteration. */
export interface FittingStep {
  readonly network: FeedForward;
  /** Mean cross-entropy in nats plus the penalty on the weights; decreases with every step. */
  readonly loss: number;
  readonly gradientNorm: number;
}

/**
 * Trains a network on bags of words, with the full batch in every iteration. The caller decides when to stop.
 * @param labels class of each vector
 * @param weightDecay strength of the penalty on squared weights (1 / (n C) in scikit-learn's terms); above 0, logistic
 *   regression has exactly one optimum
 * @throws RangeError for a label outside the classes, or if there are no vectors
 */
export function* fitNetwork(
  start: FeedForward,
  vectors: readonly SparseVector[],
  labels: ArrayLike<number>,
  weightDecay: number,
): Generator<FittingStep, void, void> {
  if (vectors.length === 0) throw new RangeError('There are no texts to train on.');
  const stray = Array.from(labels).findIndex((label) => !(label >= 0 && label < start.shape.classes));
  if (stray >= 0 || labels.length !== vectors.length) {
    throw new RangeError(
      `Each of the ${vectors.length} texts needs a label from 0 to ${start.shape.classes - 1}; text ${stray >= 0 ? stray : labels.length} has none.`,
    );
  }
  const objective = (parameters: Float64Array) =>
    new FeedForward(start.shape, parameters).lossAndGradient(vectors, labels, weightDecay);
  for (const { point, value, gradientNorm } of minimize(objective, start.parameters)) {
    yield { network: new FeedForward(start.shape, point), loss: value, gradientNorm };
  }
}
