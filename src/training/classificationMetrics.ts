/** Metrics of a classifier on labeled texts. */
export interface ClassificationMetrics {
  readonly n: number;
  /** Fraction of correct predictions. */
  readonly accuracy: number;
  /**
   * Mean over classes of the harmonic mean of precision and recall, without classes that are neither present nor
   * predicted.
   */
  readonly macroF1: number;
  /** Mean of -ln of the probability of the true class, in nats. */
  readonly logLoss: number;
  /** Expected calibration error: mean difference between predicted probability and accuracy, 0 to 1. */
  readonly calibrationError: number;
  /** Row: true class; column: predicted class. */
  readonly confusionMatrix: readonly (readonly number[])[];
}

/** Bins of equal width for the calibration error, as in Guo et al. 2017. */
const BINS = 15;
/** Lower bound of probabilities in the log loss, which would be infinite for zero. */
const MIN_PROBABILITY = 1e-15;

/**
 * Computes the metrics of predictions.
 * @param probabilities probabilities of every class, for each text
 * @param classes true class of each text
 * @throws RangeError if there are no texts or the two differ in length
 */
export function classificationMetrics(
  probabilities: readonly (readonly number[])[],
  classes: readonly number[],
): ClassificationMetrics {
  const n = probabilities.length;
  if (n === 0 || n !== classes.length)
    throw new RangeError(
      `The number of predictions (${n}) does not match the number of labels (${classes.length}), or is 0.`,
    );
  const count = probabilities[0]?.length ?? 0;
  const confusionMatrix = Array.from({ length: count }, () => new Array<number>(count).fill(0));
  let loss = 0;
  probabilities.forEach((each, index) => {
    const right = classes[index]!;
    const row = confusionMatrix[right]!;
    row[likeliest(each)] = row[likeliest(each)]! + 1;
    loss -= Math.log(Math.max(MIN_PROBABILITY, each[right]!));
  });
  const hits = confusionMatrix.reduce((sum, row, index) => sum + row[index]!, 0);
  return {
    n,
    accuracy: hits / n,
    macroF1: macroF1(confusionMatrix),
    logLoss: loss / n,
    calibrationError: calibrationError(probabilities, classes),
    confusionMatrix,
  };
}

/** Class of the highest probability; the first one on ties. */
export function likeliest(probabilities: readonly number[]): number {
  return probabilities.indexOf(Math.max(...probabilities));
}

function macroF1(confusion: readonly (readonly number[])[]): number {
  const scores = confusion.flatMap((row, index) => {
    const right = row.reduce((sum, value) => sum + value, 0);
    const answered = confusion.reduce((sum, other) => sum + other[index]!, 0);
    return right + answered > 0 ? [(2 * row[index]!) / (right + answered)] : [];
  });
  return scores.reduce((sum, score) => sum + score, 0) / scores.length;
}

/**
 * Mean over bins of |accuracy - mean probability of the predicted classes|, weighted by bin size (Naeini et al. 2015).
 */
function calibrationError(probabilities: readonly (readonly number[])[], classes: readonly number[]): number {
  const gaps = new Float64Array(BINS);
  probabilities.forEach((each, index) => {
    const answer = likeliest(each);
    const confidence = each[answer]!;
    const bin = Math.min(BINS - 1, Math.floor(confidence * BINS));
    gaps[bin] = gaps[bin]! + confidence - Number(answer === classes[index]);
  });
  return gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / probabilities.length;
}
