import * as z from 'zod';
import { phrase, sentences, type Text } from '../phrases/phrase.ts';

/** Comparison of a run with its record: of one that repeats it, or of a replay that checks it. */

/** Quantities that are compared. The names are those of `metrics.jsonl`, where the quantity is in it. */
const quantity = z.enum([
  'loss',
  'gradNorm',
  'clippedNorm',
  'learningRate',
  'valLoss',
  /** A score of a validation besides the loss. */
  'score',
  /** A tensor of a checkpoint or of the saved model. */
  'tensor',
  /** A text that the model has written. */
  'sample',
  /** A number of a probe. */
  'probe',
  /** The part of a checkpoint that is not a tensor, such as the position in the data. */
  'state',
  /** A file that is missing, damaged or, if it has no tensors, different. */
  'file',
  /** The run ended, or did not end, because a value was not finite. */
  'divergence',
]);

/** A quantity whose value is not the recorded one. */
const recordedDifference = z.object({
  step: z.int().nonnegative(),
  quantity,
  /** Name of the score, the tensor, the number of a probe (`layers[0].sigmaMax`) or the file; null for the others. */
  name: z.string().nullable(),
  /** Path in the run's folder of the file with the tensor, the probe or the state; null for a metric or a sample. */
  file: z.string().nullable(),
  /** Of a tensor or a probe, its first value that differs. Null for a value that is not finite or not a number. */
  recorded: z.number().nullable(),
  now: z.number().nullable(),
  /** Distance in units in the last place: of float32 if both values are float32, otherwise of float64. */
  ulps: z.number().nullable(),
  /** Number of values of a tensor or a probe that differ; null for the others. */
  values: z.int().positive().nullable(),
  /** Of a sample, both texts from the first character that differs; null for the others. */
  texts: z
    .object({
      /** Number of equal characters before them. */
      at: z.int().nonnegative(),
      recorded: z.string(),
      now: z.string(),
    })
    .nullable()
    .default(null),
});

/** A loss whose value is not the recorded one. */
const lossDifference = z.object({
  step: z.int().nonnegative(),
  quantity: z.enum(['loss', 'valLoss']),
  recorded: z.number(),
  now: z.number(),
});

/** How far a run that repeats another one has been equal to it. */
export const repetition = z.object({
  /** Id of the run that is repeated. */
  run: z.string(),
  /** Steps of that run. */
  steps: z.int().positive(),
  /** Steps that were compared so far. */
  compared: z.int().nonnegative(),
  /** The first difference; null if there is none so far. */
  difference: recordedDifference.nullable(),
  /** The loss of a step or a validation with the largest relative difference so far; null if all are equal. */
  largest: lossDifference.nullable().default(null),
});

export type RecordedDifference = z.output<typeof recordedDifference>;
export type LossDifference = z.output<typeof lossDifference>;
export type Repetition = z.output<typeof repetition>;

/** Says in one sentence which quantity of which step differs, and by how much. */
export function describeDifference({ step, ...difference }: RecordedDifference): Text {
  const { recorded, now, ulps, values, file, texts } = difference;
  const what = nameOf(difference);
  if (texts) {
    return phrase(
      'Step {0} differs: {1} after {2} equal characters: "{3}" was recorded, "{4}" is written now.',
      step,
      what,
      texts.at,
      texts.recorded,
      texts.now,
    );
  }
  if (recorded === null && now === null) {
    return file === null
      ? phrase('Step {0} differs: {1}.', step, what)
      : phrase('Step {0} differs: {1} in {2}.', step, what, file);
  }
  const amount = phrase(
    '{0} was recorded, {1} is computed now, {2} units in the last place apart',
    recorded ?? 'NaN',
    now ?? 'NaN',
    ulps ?? '?',
  );
  return values === null
    ? phrase('Step {0} differs: {1}: {2}.', step, what, amount)
    : phrase('Step {0} differs: {1} in {2}: {3}. Values that differ: {4}.', step, what, file ?? '', amount, values);
}

/** Says how far a run has repeated another one. */
export function describeRepetition({ run, steps, compared, difference, largest }: Repetition): Text {
  if (difference) {
    return sentences(
      phrase('The run does not repeat {0} exactly. {1}', run, describeDifference(difference)),
      largest ? describeLargest(largest) : undefined,
    );
  }
  return compared < steps
    ? phrase('Repeats {0}; {1} of {2} steps compared, all equal bit for bit.', run, compared, steps)
    : phrase('Repeats {0}: all {1} steps are equal bit for bit.', run, steps);
}

function describeLargest({ step, quantity: of, recorded, now }: LossDifference): Text {
  const percent = Math.abs(now - recorded) / (Math.abs(recorded) / 100);
  return phrase(
    'Largest relative difference of a loss: {0} of step {1}, {2} recorded and {3} now ({4} %).',
    nameOf({ quantity: of, name: null }),
    step,
    recorded,
    now,
    percent.toPrecision(2),
  );
}

function nameOf({ quantity: of, name }: Pick<RecordedDifference, 'quantity' | 'name'>): Text {
  switch (of) {
    case 'loss':
      return phrase('the training loss');
    case 'gradNorm':
      return phrase('the gradient norm');
    case 'clippedNorm':
      return phrase('the clipped gradient norm');
    case 'learningRate':
      return phrase('the learning rate');
    case 'valLoss':
      return phrase('the validation loss');
    case 'score':
      return phrase('the score "{0}"', name ?? '');
    case 'tensor':
      return phrase('the tensor "{0}"', name ?? '');
    case 'sample':
      return phrase('the sample');
    case 'probe':
      return phrase('"{0}" of the probe', name ?? '');
    case 'state':
      return phrase('the state of the training');
    case 'file':
      return phrase('the file {0}', name ?? '');
    case 'divergence':
      return phrase('a value is not finite in one of the two runs only');
  }
}
