import { projectionOf, hasField } from './cells.ts';
import { isTied } from './layerSummaries.ts';
import { ConfigError } from './parse.ts';
import { phrase, type Text } from '../phrases/phrase.ts';
import type { RunConfig } from './schema.ts';
import type { TaskName } from './task.ts';

type Family = RunConfig['model']['family'];

/** Unit of the loss of a task. */
interface LossUnit {
  /** Unit of the loss, such as "nats per character". */
  readonly loss: Text;
  /** Whether the loss is a cross-entropy in nats, which converts to bits and perplexity. */
  readonly nats: boolean;
  /** Unit of the loss after its conversion to bits; that of the loss if it is not in nats. */
  readonly bits: Text;
}

/** What a task counts. */
interface CountedUnit {
  /** Plural, such as "characters". */
  readonly items: Text;
  /** Unit of the speed, such as "characters per second". */
  readonly itemsPerSecond: Text;
  /** What a validation scores, such as "validation characters". */
  readonly validationItems: Text;
}

/** Units of the loss and of the speed of a task. */
export type TaskUnits = LossUnit & CountedUnit;

const losses = {
  perCharacter: { loss: phrase('nats per character'), bits: phrase('bits per character'), nats: true },
  perSequence: { loss: phrase('nats per sequence'), bits: phrase('bits per sequence'), nats: true },
  perStep: { loss: phrase('nats per step'), bits: phrase('bits per step'), nats: true },
  perText: { loss: phrase('nats per text'), bits: phrase('bits per text'), nats: true },
  perToken: { loss: phrase('nats per token'), bits: phrase('bits per token'), nats: true },
  perWord: { loss: phrase('nats per word'), bits: phrase('bits per word'), nats: true },
  quantile: { loss: phrase('quantile loss'), bits: phrase('quantile loss'), nats: false },
  squaredError: { loss: phrase('mean squared error'), bits: phrase('mean squared error'), nats: false },
} as const satisfies Readonly<Record<string, LossUnit>>;

const counted = {
  characters: {
    items: phrase('characters'),
    itemsPerSecond: phrase('characters per second'),
    validationItems: phrase('validation characters'),
  },
  pairs: {
    items: phrase('pairs'),
    itemsPerSecond: phrase('pairs per second'),
    validationItems: phrase('validation pairs'),
  },
  sentences: {
    items: phrase('sentences'),
    itemsPerSecond: phrase('sentences per second'),
    validationItems: phrase('validation sentences'),
  },
  sequences: {
    items: phrase('sequences'),
    itemsPerSecond: phrase('sequences per second'),
    validationItems: phrase('validation sequences'),
  },
  texts: {
    items: phrase('texts'),
    itemsPerSecond: phrase('texts per second'),
    validationItems: phrase('validation texts'),
  },
  tokens: {
    items: phrase('tokens'),
    itemsPerSecond: phrase('tokens per second'),
    validationItems: phrase('validation tokens'),
  },
  windows: {
    items: phrase('windows'),
    itemsPerSecond: phrase('windows per second'),
    validationItems: phrase('validation windows'),
  },
  words: {
    items: phrase('words'),
    itemsPerSecond: phrase('words per second'),
    validationItems: phrase('validation words'),
  },
} as const satisfies Readonly<Record<string, CountedUnit>>;

/** Condition under which a task is solved: a validation metric reaches a bound. */
export type Criterion =
  { readonly measure: 'loss'; readonly atMost: number } | { readonly measure: string; readonly atLeast: number };

/** Positions of the outputs of a task relative to its inputs. */
export type Arrangement = 'many-to-one' | 'one-to-many' | 'many-to-many' | 'delayed';

/** Stored names of the baselines of a task that its losses are judged against; `baselineName` has them in words. */
export interface References {
  /** The guess that knows nothing of the data; a run that is above it would do better without its model. */
  readonly guess: string;
  /** Guesses from counts, weakest first, or the best guess without memory: a model should be below each of them. */
  readonly counting: readonly string[];
  /**
   * Relative standard error of the baselines where they hold for the distribution of the data instead of the
   * validation part; 0 if absent.
   */
  readonly sampleError?: number;
}

/** Static description of a task, available without the code that trains it. */
export interface TaskDescription {
  readonly title: Text;
  /** Definition of the task. */
  readonly definition: Text;
  /** Publication that defines the task. */
  readonly source: string;
  readonly units: TaskUnits;
  /** Which time steps have inputs and outputs. */
  readonly arrangement: Arrangement;
  /** Model inputs: tokens (one-hot or embedded), or vectors. */
  readonly reads: 'tokens' | 'vectors';
  readonly references: References;
  /** Condition under which the task is solved; undefined for tasks that are never solved. */
  readonly criterion?: Criterion;
  /** Supported model families. */
  readonly families: readonly Family[];
  /** Whether a recurrent model, or its encoder, may be bidirectional: it answers after it has seen the whole sequence. */
  readonly bidirectional: boolean;
  /** Whether the data is generated instead of read from a file. */
  readonly generated: boolean;
  /** Whether the model generates text samples. */
  readonly writes: boolean;
  /** Whether each validation reports results other than losses and scores, such as a confusion matrix. */
  readonly reports: boolean;
  /** Steps from the last loss back to the furthest input that decides it, if the task has that. */
  readonly distance?: (config: Pick<RunConfig, 'task' | 'data'>) => number;
}

export const tasks: Readonly<Record<TaskName, TaskDescription>> = {
  'language-model': {
    title: phrase('character language model'),
    definition: phrase('Predict each character of a text from the characters before it.'),
    source: 'Graves 2013, "Generating sequences with recurrent neural networks"',
    units: { ...losses.perCharacter, ...counted.characters },
    references: { guess: 'uniform', counting: ['unigram', 'bigram'] },
    arrangement: 'many-to-many',
    reads: 'tokens',
    families: ['recurrent'],
    bidirectional: false,
    generated: false,
    writes: true,
    reports: false,
  },
  'temporal-order': {
    title: phrase('temporal order'),
    definition: phrase(
      'Classify sequences of random letters by two marks, each X or Y, one after the first tenth and one after the first half: XX, XY, YX or YY.',
    ),
    source: 'Hochreiter and Schmidhuber 1997, task 6a; Pascanu et al. 2013',
    units: { ...losses.perSequence, ...counted.sequences },
    references: { guess: 'guess', counting: ['guess'] },
    arrangement: 'many-to-one',
    reads: 'tokens',
    families: ['recurrent'],
    bidirectional: true,
    criterion: { measure: 'accuracy', atLeast: 0.99 },
    generated: true,
    writes: false,
    reports: false,
    distance: ({ data }) => data.sequenceLength - 1 - Math.floor(data.sequenceLength / 10),
  },
  classification: {
    title: phrase('text classification'),
    definition: phrase('Assign a text to a class, from all of its words or characters.'),
    source: 'Jurafsky and Martin, "Speech and language processing", chapters 4 and 9',
    units: { ...losses.perText, ...counted.texts },
    references: { guess: 'uniform', counting: ['frequency of classes', 'naive Bayes'] },
    arrangement: 'many-to-one',
    reads: 'tokens',
    families: ['recurrent', 'convolutional', 'bag-of-words', 'naive-bayes', 'hidden-markov'],
    bidirectional: true,
    generated: false,
    writes: false,
    reports: true,
  },
  tagging: {
    title: phrase('tagging'),
    definition: phrase('Tag every word of a sentence, for example with its part of speech or as part of a name.'),
    source: 'Graves and Schmidhuber 2005; Jurafsky and Martin, "Speech and language processing", chapter 17',
    units: { ...losses.perWord, ...counted.sentences },
    references: { guess: 'uniform', counting: ['frequency of tags', 'each word alone'] },
    arrangement: 'many-to-many',
    reads: 'tokens',
    families: ['recurrent', 'hidden-markov'],
    bidirectional: true,
    generated: false,
    writes: false,
    reports: true,
  },
  adding: {
    title: phrase('adding problem'),
    definition: phrase(
      'Read a sequence of random numbers between 0 and 1, of which one in each half is marked, and output the sum of the two marked numbers. The constant answer 1 has a mean squared error of 1/6.',
    ),
    source: 'Hochreiter and Schmidhuber 1997, task 4; Le et al. 2015',
    units: { ...losses.squaredError, ...counted.sequences },
    // The squared error of the sum has a standard deviation of 1.2 times its mean: 4 % over 1000 sequences.
    references: { guess: 'always 1', counting: ['always 1'], sampleError: 0.04 },
    arrangement: 'many-to-one',
    reads: 'vectors',
    families: ['recurrent'],
    bidirectional: true,
    criterion: { measure: 'loss', atMost: 0.01 },
    generated: true,
    writes: false,
    reports: false,
    distance: ({ data }) => data.sequenceLength - 1,
  },
  copying: {
    title: phrase('copying'),
    definition: phrase(
      'Read ten letters (of eight kinds) at the beginning and write them after a mark ten steps before the end. The answer before that is a blank.',
    ),
    source: 'Arjovsky, Shah and Bengio 2016, "Unitary evolution recurrent neural networks"',
    units: { ...losses.perStep, ...counted.sequences },
    references: { guess: 'uniform', counting: ['best guess without memory'] },
    arrangement: 'many-to-many',
    reads: 'tokens',
    families: ['recurrent'],
    bidirectional: false,
    criterion: { measure: 'sequenceAccuracy', atLeast: 0.99 },
    generated: true,
    writes: false,
    reports: false,
    distance: ({ data }) => data.sequenceLength - 10,
  },
  counting: {
    title: phrase('counting, a^n X b^n'),
    definition: phrase(
      'After n times a and an X, predict n times b and the end. n is random, from 1 to the largest value that fits.',
    ),
    source:
      'Gers and Schmidhuber 2001, "LSTM recurrent networks learn simple context-free and context-sensitive languages"',
    units: { ...losses.perStep, ...counted.sequences },
    references: { guess: 'uniform', counting: ['best guess without memory'] },
    arrangement: 'many-to-many',
    reads: 'tokens',
    families: ['recurrent'],
    bidirectional: false,
    criterion: { measure: 'sequenceAccuracy', atLeast: 0.99 },
    generated: true,
    writes: false,
    reports: false,
  },
  recall: {
    title: phrase('recall'),
    definition: phrase(
      'Read random digits with one letter, A to D, a fixed number of steps before the end, and name the letter at the end.',
    ),
    source:
      'the latch problem of Bengio, Simard and Frasconi 1994, "Learning long-term dependencies with gradient descent is difficult", with four classes',
    units: { ...losses.perSequence, ...counted.sequences },
    references: { guess: 'guess', counting: ['guess'] },
    arrangement: 'many-to-one',
    reads: 'tokens',
    families: ['recurrent'],
    bidirectional: true,
    criterion: { measure: 'accuracy', atLeast: 0.99 },
    generated: true,
    writes: false,
    reports: false,
    distance: ({ task }) => (task.name === 'recall' ? task.distance : 0),
  },
  'sequence-to-sequence': {
    title: phrase('sequence to sequence'),
    definition: phrase('Read a whole text, then write another one token by token, such as its translation.'),
    source:
      'Sutskever, Vinyals and Le 2014, "Sequence to sequence learning with neural networks"; attention: Luong et al. 2015, Bahdanau et al. 2015',
    units: { ...losses.perToken, ...counted.pairs },
    references: { guess: 'uniform', counting: ['unigram'] },
    arrangement: 'delayed',
    reads: 'tokens',
    families: ['recurrent'],
    bidirectional: true,
    generated: false,
    writes: false,
    reports: true,
  },
  dates: {
    title: phrase('date normalization'),
    definition: phrase('Convert a date from 1950 to 2049 in an everyday format to YYYY-MM-DD.'),
    source: 'Ng et al. 2018, "Sequence models", Coursera, week 3: neural machine translation with attention',
    units: { ...losses.perCharacter, ...counted.pairs },
    references: { guess: 'uniform', counting: ['unigram'] },
    arrangement: 'delayed',
    reads: 'tokens',
    families: ['recurrent'],
    bidirectional: true,
    criterion: { measure: 'exactMatch', atLeast: 0.98 },
    generated: true,
    writes: false,
    reports: true,
  },
  reversing: {
    title: phrase('reversing'),
    definition: phrase(
      'Reverse a word of random letters. The first letter is written last, so the model has to remember the whole word.',
    ),
    source: 'Grefenstette et al. 2015, "Learning to transduce with unbounded memory"',
    units: { ...losses.perCharacter, ...counted.pairs },
    references: { guess: 'uniform', counting: ['unigram'] },
    arrangement: 'delayed',
    reads: 'tokens',
    families: ['recurrent'],
    bidirectional: true,
    criterion: { measure: 'exactMatch', atLeast: 0.99 },
    generated: true,
    writes: false,
    reports: true,
  },
  forecasting: {
    title: phrase('forecasting'),
    definition: phrase('Read a window of a numeric series and forecast the next values of one or several columns.'),
    source:
      'Yule 1927, "On a method of investigating periodicities in disturbed series"; for networks: Lapedes and Farber 1987',
    units: { ...losses.squaredError, ...counted.windows },
    // A season may be absent, so its forecast is the last.
    references: { guess: 'mean', counting: ['mean', 'last value', 'seasonal naive'] },
    arrangement: 'many-to-one',
    reads: 'vectors',
    families: ['recurrent'],
    bidirectional: true,
    generated: false,
    writes: false,
    reports: true,
  },
  'conditioned-generation': {
    title: phrase('generation from a label'),
    definition: phrase('Given a label, generate a text of that class, character by character.'),
    source:
      'Robertson 2017, "Generating names with a character-level RNN", PyTorch tutorials; Vinyals et al. 2015 for initial states that depend on the condition',
    units: { ...losses.perCharacter, ...counted.texts },
    references: { guess: 'uniform', counting: ['unigram'] },
    arrangement: 'one-to-many',
    reads: 'tokens',
    families: ['recurrent'],
    bidirectional: false,
    generated: false,
    writes: true,
    reports: true,
  },
};

/** A language model of words. */
const wordLanguageModel: TaskDescription = {
  ...tasks['language-model'],
  title: phrase('word language model'),
  definition: phrase('Predict each word, punctuation mark and line break of a text from those before it.'),
  source: 'Mikolov et al. 2010, "Recurrent neural network based language model"',
  units: { ...losses.perWord, ...counted.words },
  references: { guess: 'uniform', counting: ['unigram', 'trigram back-off'] },
};

/** A language model of the tokens of an imported tokenizer. */
const subwordLanguageModel: TaskDescription = {
  ...wordLanguageModel,
  title: phrase('subword language model'),
  definition: phrase('Predict each token of a text from those before it.'),
  source: 'Sennrich et al. 2016, "Neural machine translation of rare words with subword units"',
  units: { ...losses.perToken, ...counted.tokens },
};

/** Kinds of tokens of a text. */
export type TokenKind = 'character' | 'word' | 'subword';

/** What the description of a task depends on. */
interface DescribedTask {
  readonly name: TaskName;
  readonly tokens?: TokenKind | undefined;
  readonly loss?: 'squared' | 'quantile' | undefined;
}

/** A forecaster of quantiles. */
const quantileForecasting: TaskDescription = {
  ...tasks.forecasting,
  units: { ...losses.quantile, ...counted.windows },
};

/**
 * Describes a task with its settings: a language model of words has other units and baselines than one of characters, and
 * a forecaster of quantiles another loss.
 */
export function taskOf(task: DescribedTask): TaskDescription {
  if (task.name === 'forecasting' && task.loss === 'quantile') return quantileForecasting;
  if (task.name !== 'language-model') return tasks[task.name];
  if (task.tokens === 'word') return wordLanguageModel;
  return task.tokens === 'subword' ? subwordLanguageModel : tasks[task.name];
}

/** Tokens of the texts that a task reads; characters where it has no choice, except for words to be tagged. */
export function tokensOf(task: DescribedTask): TokenKind {
  return task.name === 'tagging' ? 'word' : (task.tokens ?? 'character');
}

/**
 * Default of `training.patience`. None of 11 runs that were judged to overfit improved again. Without overfitting, the
 * longest wait for a lower loss was 8 validations, from noise, in 10,000 steps on a text of a million characters.
 */
const DEFAULT_PATIENCE = { overfitting: 10, otherwise: 30 } as const;

/**
 * Validations without improvement after which training ends early; 0 for no end. By default a task that generates its
 * data has none: it cannot overfit, and its loss may stay at a guess for thousands of steps before it falls.
 */
export function patienceOf({ task, training }: RunConfig, overfits: boolean): number {
  if (training.patience >= 0) return training.patience;
  if (tasks[task.name].generated) return 0;
  return overfits ? DEFAULT_PATIENCE.overfitting : DEFAULT_PATIENCE.otherwise;
}

/** Checks that the model supports the task. @throws ConfigError if it does not */
export function checkModel({ task, model }: RunConfig): void {
  const { name } = task;
  const { family, bidirectional, units, projection } = model;
  const { families, title, bidirectional: bothWays } = taskOf(task);
  if (!families.includes(family)) {
    throw new ConfigError(
      phrase(
        'model.family: "{0}" cannot learn the task {1}; allowed are {2}.',
        family,
        title,
        families.map((each) => `"${each}"`).join(', '),
      ),
      { fields: ['model.family'] },
    );
  }
  if (projectionOf(model) >= units) {
    throw new ConfigError(
      phrase('model.projection: {0} must be less than model.units ({1}); set it lower, or to 0.', projection, units),
      { fields: ['model.projection'] },
    );
  }
  const width = projectionOf(model) || units;
  if (name === 'language-model' && isTied(model) && model.embedding !== width) {
    throw new ConfigError(
      phrase(
        'model.tieWeights: the embedding can be the weights of the output layer only if model.embedding ({0}) equals {1} ({2}); change one of them, or set model.tieWeights to false.',
        model.embedding,
        projectionOf(model) > 0 ? 'model.projection' : 'model.units',
        width,
      ),
      { fields: ['model.tieWeights', 'model.embedding'] },
    );
  }
  if (bidirectional && !bothWays) {
    throw new ConfigError(
      phrase(
        'model.bidirectional: a bidirectional model would see the answer in the task {0}; set it to false.',
        title,
      ),
      { fields: ['model.bidirectional'] },
    );
  }
  if (family === 'convolutional' && model.pooling === 'attention') {
    throw new ConfigError(
      phrase(
        'model.pooling: "attention" is not available for model.family "convolutional"; allowed are "max" and "mean".',
      ),
      { fields: ['model.pooling'] },
    );
  }
  const readsOutputs = family === 'recurrent' && hasField(model.cell, 'recurrence') && model.recurrence === 'output';
  if (readsOutputs) checkOutputRecurrence(model, name);
}

/** Tasks whose encoder has no outputs to feed back. */
const encoding: ReadonlySet<TaskName> = new Set(['sequence-to-sequence', 'dates', 'reversing']);

function checkOutputRecurrence({ layers, bidirectional, pooling }: RunConfig['model'], name: TaskName): void {
  const refuse = (message: Text): never => {
    throw new ConfigError(message, { fields: ['model.recurrence'] });
  };
  if (layers > 1)
    refuse(phrase('model.recurrence: "output" requires model.layers 1, not {0}; set it to "hidden".', layers));
  if (bidirectional)
    refuse(phrase('model.recurrence: "output" requires model.bidirectional false; set it to "hidden".'));
  if (encoding.has(name)) {
    refuse(
      phrase(
        'model.recurrence: "output" cannot learn the task {0}: its encoder has no outputs; set it to "hidden".',
        tasks[name].title,
      ),
    );
  }
  if (name === 'classification' && pooling !== 'last') {
    refuse(
      phrase(
        'model.recurrence: "output" requires model.pooling "last": a pooled vector is not the output of a step; set it to "hidden".',
      ),
    );
  }
}

/** Whether a validation meets the criterion of a task. */
export function meets(
  criterion: Criterion,
  { loss, scores }: { readonly loss: number; readonly scores?: Readonly<Record<string, number>> | undefined },
): boolean {
  if ('atMost' in criterion) return loss <= criterion.atMost;
  return (scores?.[criterion.measure] ?? -Infinity) >= criterion.atLeast;
}

/** Describes a criterion, such as "accuracy of at least 0.99". */
export function describeCriterion(criterion: Criterion, { loss }: TaskUnits): Text {
  return 'atMost' in criterion
    ? phrase('{0} of at most {1}', loss, criterion.atMost)
    : phrase('{0} of at least {1}', criterion.measure, criterion.atLeast);
}
