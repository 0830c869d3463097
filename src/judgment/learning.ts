import * as z from 'zod';
import type { References } from '../config/tasks.ts';
import { formatCount } from '../format/count.ts';
import { formatLoss } from '../format/loss.ts';
import type { Baselines } from '../protocol/events.ts';
import type { Finding, Learning } from '../protocol/verdicts.ts';
import { learningAdvice, type LearningSettings } from './learningAdvice.ts';
import {
  BASELINE_ERRORS,
  BASELINE_MARGIN,
  CONVERGED,
  FALL,
  FALL_ERRORS,
  MAX_KEPT,
  MAX_TREND,
  MIN_NOISE,
  MIN_TREND,
  MIN_VALIDATIONS,
  NOISE_SCALE,
  NOISY,
  NOISY_LEVEL,
  NOISY_TREND_FRACTION,
  PLATEAU_FALL,
  PLATEAU_VALIDATIONS,
  RECENT,
  RISE,
  RISE_NOISE,
  TRAIN_FALL,
  TREND_FRACTION,
} from './learningThresholds.ts';
import { median } from './quantiles.ts';
import { phrase, sentences, type Text } from '../phrases/phrase.ts';

const validatedSchema = z.object({
  step: z.int().nonnegative(),
  /** Null if the loss is not finite. */
  loss: z.number().nullable(),
  /** Mean training loss of the steps before; null if it is not finite or no step was trained. */
  trainLoss: z.number().nullable(),
});

/** What the verdicts need of the validations of a run, in bounded memory. Part of a checkpoint. */
export const validationHistorySchema = z.object({
  count: z.int().nonnegative(),
  best: validatedSchema.extend({ loss: z.number() }).nullable(),
  /** The last ones, oldest first. */
  recent: z.array(validatedSchema),
});

export type Validated = z.output<typeof validatedSchema>;
export type ValidationHistory = z.output<typeof validationHistorySchema>;

export const NO_VALIDATIONS: ValidationHistory = { count: 0, best: null, recent: [] };

/** The history after one more validation. */
export function withValidation({ count, best, recent }: ValidationHistory, validated: Validated): ValidationHistory {
  const { loss } = validated;
  const isBest = loss !== null && (best === null || loss < best.loss);
  return {
    count: count + 1,
    best: isBest ? { ...validated, loss } : best,
    recent: [...recent, validated].slice(-MAX_KEPT),
  };
}

/**
 * Part of a step that gave the first value that is not finite: the forward pass (the loss), the backward pass (a
 * gradient, at a finite loss), or the update before it (the weights with which the step began).
 */
export type DivergedPart = 'forward' | 'backward' | 'update';

/** The end of a run whose numbers are no longer finite. */
export interface Divergence {
  /** Step that could not be completed. */
  readonly step: number;
  /** Parameter whose gradient or weights are not finite; null for the loss. */
  readonly parameter: string | null;
  readonly part: DivergedPart;
}

/** Facts about a run that its verdicts depend on. */
export interface LearningContext {
  readonly baselines: Baselines;
  readonly references: References;
  readonly settings: LearningSettings;
  /** Whether the last validation met the criterion of the task: such a run has nothing left to learn. */
  readonly solved: boolean;
  readonly divergence: Divergence | null;
}

/** Verdicts on learning from the validations of a run, most severe first, with advice for the first one. */
export function judgeLearning(history: ValidationHistory, context: LearningContext): Learning {
  const { divergence, solved, settings } = context;
  const last = history.recent.at(-1);
  const step = divergence?.step ?? last?.step ?? 0;
  const findings =
    divergence !== null
      ? [notFinite(divergence)]
      : last?.loss === null
        ? [validationNotFinite(last.step)]
        : solved
          ? []
          : judgeCurve(history, context);
  return { step, findings, advice: learningAdvice(findings, { settings, divergence }) };
}

/** Step that a divergence comes from: the one with a value that is not finite, or the update before that left it. */
export function causeOf({ step, part }: Pick<Divergence, 'step' | 'part'>): number {
  return part === 'update' ? step - 1 : step;
}

function notFinite(divergence: Divergence): Finding {
  const { step, parameter, part } = divergence;
  const sentence = {
    forward:
      step === 1
        ? phrase(
            'The loss of step 1 is not finite: the forward pass overflows with the initial weights, before any update.',
          )
        : phrase(
            'The loss of step {0} is not finite: the forward pass overflows with the weights that the updates before it left.',
            formatCount(step),
          ),
    backward:
      step === 1
        ? phrase(
            'The gradient of {0} in step 1 is not finite: the backward pass overflows with the initial weights, before any update.',
            parameter ?? '',
          )
        : phrase(
            'The gradient of {0} in step {1} is not finite: the backward pass overflows, while the forward pass does not.',
            parameter ?? '',
            formatCount(step),
          ),
    update: phrase(
      'The update of step {0} left values in {1} that are not finite.',
      formatCount(causeOf(divergence)),
      parameter ?? '',
    ),
  }[part];
  return finding('not-finite', sentence, { step });
}

function validationNotFinite(step: number): Finding {
  const sentence = phrase(
    'The validation loss of step {0} is not finite: the forward pass overflows on the validation part.',
    formatCount(step),
  );
  return finding('not-finite', sentence, { step });
}

/** The curve as the verdicts see it. */
interface Curve {
  readonly best: NonNullable<ValidationHistory['best']>;
  readonly count: number;
  /** The last validations with a finite loss, oldest first. */
  readonly recent: readonly (Validated & { readonly loss: number })[];
  readonly last: Validated & { readonly loss: number };
  /** Mean of the last few validation and training losses. */
  readonly loss: number;
  readonly trainLoss: number;
  /** Standard deviation of the noise from validation to validation. */
  readonly noise: number;
  /** Losses of the last third of the validations. */
  readonly trend: readonly number[];
  /**
   * Fall over the last third of the validations, or over the last two thirds if noise hides it in the last third; with
   * its standard error, and the step that it began at.
   */
  readonly fall: { readonly size: number; readonly error: number; readonly since: number };
  readonly isFalling: boolean;
}

function judgeCurve(history: ValidationHistory, context: LearningContext): Finding[] {
  const curve = curveOf(history);
  if (!curve) return [];
  const { baselines, references } = context;
  const guess = baselines[references.guess];
  const isConverged = guess !== undefined && curve.loss < CONVERGED * guess;
  const overfitting = isConverged ? undefined : judgeOverfitting(curve, context);
  const noisy = isConverged ? undefined : judgeNoise(curve, guess);
  return [
    judgeGuess(curve, context),
    judgeCounting(curve, context),
    overfitting,
    overfitting || noisy || isConverged ? undefined : judgePlateau(curve),
    noisy,
    curve.isFalling && !overfitting && !isConverged ? stillFalling(curve) : undefined,
  ].filter((each) => each !== undefined);
}

function curveOf({ best, count: validations, recent: all }: ValidationHistory): Curve | undefined {
  const recent = all.flatMap(({ loss, ...rest }) => (loss === null ? [] : [{ ...rest, loss }]));
  const last = recent.at(-1);
  if (!best || !last || recent.length < MIN_VALIDATIONS) return undefined;
  const newest = recent.slice(-RECENT);
  const noise = noiseOf(recent.slice(-MAX_TREND).map(({ loss }) => loss));
  const short = trendOf(recent, validations * TREND_FRACTION, noise);
  const long = trendOf(recent, validations * NOISY_TREND_FRACTION, noise);
  const falling = [short, ...(isConclusive(short) ? [] : [long])].find(isFall);
  return {
    best,
    count: validations,
    recent,
    last,
    loss: mean(newest.map(({ loss }) => loss)),
    trainLoss: mean(newest.map(({ trainLoss }) => trainLoss ?? NaN)),
    noise,
    trend: short.losses,
    fall: (falling ?? short).fall,
    isFalling: falling !== undefined,
  };
}

/** The last validations and the fall over them. */
interface Trend {
  readonly losses: readonly number[];
  readonly fall: Curve['fall'];
}

function trendOf(recent: Curve['recent'], wanted: number, noise: number): Trend {
  const length = Math.min(MAX_TREND, Math.max(MIN_TREND, Math.ceil(wanted)), recent.length);
  const losses = recent.slice(-length).map(({ loss }) => loss);
  return { losses, fall: { ...fallOf(losses, noise), since: recent.at(-length)!.step } };
}

function isFall({ losses, fall: { size, error } }: Trend): boolean {
  return size > FALL_ERRORS * error && size > FALL * mean(losses);
}

/** Whether the noise leaves a fall visible that is too large for a plateau. */
function isConclusive({ losses, fall }: Trend): boolean {
  return FALL_ERRORS * fall.error <= PLATEAU_FALL * mean(losses);
}

/** Worse than a guess: the last validations are above it, and so is the training loss. */
function judgeGuess({ recent, trainLoss }: Curve, { baselines, references }: LearningContext): Finding | undefined {
  const name = references.guess;
  const guess = baselines[name];
  if (guess === undefined) return undefined;
  const last = recent.slice(-MIN_VALIDATIONS).map(({ loss }) => loss);
  const low = Math.min(...last);
  if (low <= guess * (1 + marginOf(references)) || !(trainLoss > guess)) return undefined;
  const sentence = phrase(
    'The last {0} validation losses, {1} or more, are worse than {2}, {3}, and so is the training loss, {4}.',
    last.length,
    formatLoss(low),
    describeBaseline(name),
    formatLoss(guess),
    formatLoss(trainLoss),
  );
  return finding('worse-than-uniform', sentence, { validationLoss: low, trainLoss, guess });
}

/** No better than counting: the best validation is not below each of the guesses from counts. */
function judgeCounting({ best, isFalling }: Curve, { baselines, references }: LearningContext): Finding | undefined {
  const bound = 1 - marginOf(references);
  const name = references.counting.find((each) => best.loss >= (baselines[each] ?? 0) * bound);
  const reference = name === undefined ? undefined : baselines[name];
  if (name === undefined || reference === undefined) return undefined;
  const falls = isFalling ? phrase('It is still falling.') : '';
  const sentence = phrase(
    'The best validation loss, {0} at step {1}, is no better than {2}, {3}.',
    formatLoss(best.loss),
    formatCount(best.step),
    describeBaseline(name),
    formatLoss(reference),
  );
  return finding('no-better-than-counting', sentences(sentence, falls), {
    bestLoss: best.loss,
    bestStep: best.step,
    baseline: reference,
  });
}

function judgeOverfitting(curve: Curve, { settings }: LearningContext): Finding | undefined {
  const { best, recent, last, loss, trainLoss, noise } = curve;
  const rise = loss - best.loss;
  if (rise < RISE * best.loss || rise < RISE_NOISE * noise) return undefined;
  const newest = recent.slice(-RECENT);
  const areAbove = newest.every((each) => each.step > best.step && each.loss > best.loss + noise);
  // A training loss is missing if a run was resumed from a checkpoint without one.
  if (!areAbove || best.trainLoss === null || !(trainLoss < best.trainLoss * (1 - TRAIN_FALL))) return undefined;
  const kept = settings.keepBest ? phrase('The model of step {0} is kept.', formatCount(best.step)) : '';
  const sentence = phrase(
    'Since step {0}, the validation loss has risen from its best, {1}, to {2}, while the training loss fell from {3} to {4}.',
    formatCount(best.step),
    formatLoss(best.loss),
    formatLoss(last.loss),
    formatLoss(best.trainLoss),
    formatLoss(trainLoss),
  );
  return finding('overfitting', sentences(sentence, kept), {
    bestStep: best.step,
    bestLoss: best.loss,
    validationLoss: last.loss,
    bestTrainLoss: best.trainLoss,
    trainLoss,
  });
}

function judgePlateau({ best, count: validations, fall, isFalling, loss }: Curve): Finding | undefined {
  const largestFall = fall.size + 2 * fall.error;
  if (validations < PLATEAU_VALIDATIONS || isFalling || largestFall > PLATEAU_FALL * loss) return undefined;
  const sentence = phrase(
    'The validation loss has not fallen noticeably since step {0}. The best is {1} at step {2}.',
    formatCount(fall.since),
    formatLoss(best.loss),
    formatCount(best.step),
  );
  return finding('plateau', sentence, { since: fall.since, bestLoss: best.loss, bestStep: best.step });
}

/** Noisy: the values are far from the mean of their neighbors, and not only because the curve bends as it falls. */
function judgeNoise({ trend, loss }: Curve, guess = 0): Finding | undefined {
  const noise = Math.min(noiseOf(trend), riseOf(trend));
  const share = noise / Math.max(loss, NOISY_LEVEL * guess);
  if (share <= NOISY) return undefined;
  const sentence = phrase(
    'The validation loss varies by about {0} from one validation to the next ({1} %).',
    formatLoss(noise),
    Math.round(100 * share),
  );
  return finding('noisy', sentence, { noise, validationLoss: loss });
}

function stillFalling({ fall, last }: Curve): Finding {
  const sentence = phrase(
    'The validation loss is still falling: by {0} from step {1} to step {2}.',
    formatLoss(fall.size),
    formatCount(fall.since),
    formatCount(last.step),
  );
  return finding('still-falling', sentence, { fall: fall.size, since: fall.since, validationLoss: last.loss });
}

function finding(verdict: Finding['verdict'], sentence: Text, numbers: Finding['numbers']): Finding {
  return { verdict, layer: null, direction: null, sentence, numbers };
}

function marginOf({ sampleError = 0 }: References): number {
  return Math.max(BASELINE_MARGIN, BASELINE_ERRORS * sampleError);
}

/** Descriptions of the baselines in a sentence, by name. */
const baselineDescriptions: Readonly<Record<string, Text>> = {
  uniform: phrase('a uniform guess'),
  guess: phrase('a uniform guess'),
  unigram: phrase('counting how often each token occurs (unigram)'),
  bigram: phrase('counting pairs of characters (bigram)'),
  'trigram back-off': phrase('counting triples of words with back-off to pairs and single words (trigram)'),
  'frequency of classes': phrase('guessing by the frequency of the classes'),
  'naive Bayes': phrase('counting tokens (naive Bayes)'),
  'frequency of tags': phrase('guessing by the frequency of the tags'),
  'each word alone': phrase('the most frequent tag of each word'),
  'always 1': phrase('always answering 1'),
  'best guess without memory': phrase('the best guess without memory'),
  mean: phrase('always forecasting the mean'),
  'last value': phrase('repeating the last value'),
  'seasonal naive': phrase('repeating the last season'),
  'linear regression': phrase('linear regression on the window'),
  'exponential smoothing': phrase('exponential smoothing'),
};

function describeBaseline(name: string): Text {
  const known = Object.hasOwn(baselineDescriptions, name) ? baselineDescriptions[name] : undefined;
  return known ?? phrase('the baseline "{0}"', name);
}

/**
 * Standard deviation of the noise around a smooth trend: a robust estimate from the distance of each value to the mean
 * of its neighbors, and at least `MIN_NOISE` of the level.
 * @param values at least 3
 */
export function noiseOf(values: readonly number[]): number {
  const distances = values
    .slice(1, -1)
    .map((value, index) => Math.abs(value - (values[index]! + values[index + 2]!) / 2));
  return Math.max(NOISE_SCALE * median(distances), MIN_NOISE * Math.abs(mean(values)));
}

/**
 * Root mean square of the rises between neighbors, over all pairs: the standard deviation of independent noise around a
 * constant, and 0 for a curve that only falls.
 */
function riseOf(values: readonly number[]): number {
  return Math.sqrt(mean(values.slice(1).map((value, index) => Math.max(0, value - values[index]!) ** 2)));
}

/** Fall of the least-squares line from the first value to the last, and its standard error. */
function fallOf(values: readonly number[], noise: number): { size: number; error: number } {
  const center = (values.length - 1) / 2;
  const level = mean(values);
  let [products, squares] = [0, 0];
  values.forEach((loss, index) => {
    products += (index - center) * (loss - level);
    squares += (index - center) ** 2;
  });
  const span = values.length - 1;
  return { size: (-products / squares) * span, error: (noise / Math.sqrt(squares)) * span };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
