/**
 * Thresholds of the verdicts on learning. Those without another source were set on the validation curves of 31 runs
 * (texts of 563 to 1,059,682 characters, all kinds of tasks, learning rates from 1e-5 to 10), and checked on constructed
 * curves (test/unit/training/learning.test.ts). Changes are relative to the level of the loss unless said otherwise.
 */

/** Validations before the first verdict on a curve: fewer do not separate a trend from noise. */
export const MIN_VALIDATIONS = 5;

/** Last validations that are kept for the verdicts. */
export const MAX_KEPT = 60;

/** Last validations that a state must hold for. */
export const RECENT = 3;

/**
 * Fraction by which a loss must differ from a baseline. A network that has learned only the frequencies of characters
 * comes to within 1 % of the unigram baseline, on either side.
 */
export const BASELINE_MARGIN = 0.02;

/** Standard errors of a baseline, where it has one, by which a loss must differ from it. */
export const BASELINE_ERRORS = 2;

/** Fraction of the best guess below which a loss counts as zero: its ups and downs say nothing about learning. */
export const CONVERGED = 0.02;

/** Smallest noise: the curves of small, well-behaved runs vary by this fraction from validation to validation. */
export const MIN_NOISE = 0.001;

/**
 * Scale of the median absolute second difference to a standard deviation: 1.4826 (normal distribution; Rousseeuw and
 * Croux 1993) over the square root of 1.5, the standard deviation of v_i - (v_(i-1) + v_(i+1)) / 2 for unit noise.
 */
export const NOISE_SCALE = 1.4826 / Math.sqrt(1.5);

/**
 * Overfitting: the mean of the last validations is above the best one by this many standard deviations of the noise and
 * by this fraction. The minimum of ten noisy values lies 1.5 deviations below their mean, the mean of three varies by
 * 0.6.
 */
export const RISE_NOISE = 3.5;
export const RISE = 0.01;

/** Overfitting: fraction by which the training loss is lower than it was at the best validation. */
export const TRAIN_FALL = 0.03;

/** The trend is that of the last third of the validations, as one sees it in the chart, within these bounds. */
export const TREND_FRACTION = 1 / 3;
/** Fraction of a noisy curve: the error of the fall shrinks with the length of the trend to the power of 3/2. */
export const NOISY_TREND_FRACTION = 2 / 3;
export const MIN_TREND = 5;
export const MAX_TREND = 20;

/** Still falling: fall over the trend, in its standard errors and as a fraction. */
export const FALL_ERRORS = 3;
export const FALL = 0.005;

/** Plateau: validations before it can be named, and the fraction that the loss can at most have fallen over the trend. */
export const PLATEAU_VALIDATIONS = 10;
export const PLATEAU_FALL = 0.02;

/** Noisy: standard deviation of the noise as a fraction of the loss, or of this fraction of the guess if that is more. */
export const NOISY = 0.05;
export const NOISY_LEVEL = 0.1;
