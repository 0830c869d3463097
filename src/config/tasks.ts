import { ConfigError } from './parse.ts';
import type { RunConfig } from './schema.ts';
import type { TaskName } from './task.ts';

type Family = RunConfig['model']['family'];

/** In what the losses and the speed of a task are measured. */
export interface TaskUnits {
  /** Such as "nats per character". */
  readonly loss: string;
  /** Whether the loss is a cross-entropy in nats, so that it can be said in bits and as a perplexity too. */
  readonly nats: boolean;
  /** What is counted, in the singular and in the plural: "character", "characters". */
  readonly item: string;
  readonly items: string;
}

/** When a task counts as solved: a measure of the validation reaches a bound. */
export type Criterion =
  { readonly measure: 'loss'; readonly atMost: number } | { readonly measure: string; readonly atLeast: number };

/** What everyone may know of a task without being able to train it. */
export interface TaskDescription {
  readonly title: string;
  /** What is to be learned. */
  readonly definition: string;
  /** Who has set it. */
  readonly source: string;
  readonly units: TaskUnits;
  /** Whether the model reads tokens, one-hot or embedded, or vectors as they are. */
  readonly reads: 'tokens' | 'vectors';
  /** Undefined where there is always more to learn. */
  readonly criterion?: Criterion;
  /** The families of models that can learn it. */
  readonly families: readonly Family[];
  /** Whether a recurrent model may read each sequence in both directions: it answers when it has seen all of it. */
  readonly bidirectional: boolean;
  /** Whether the data is generated, so that there is no file to train on. */
  readonly generated: boolean;
  /** Whether the model writes samples. */
  readonly writes: boolean;
}

export const tasks: Readonly<Record<TaskName, TaskDescription>> = {
  'language-model': {
    title: 'character language model',
    definition: 'Predict each character of a text from those before it.',
    source: 'Graves 2013, "Generating sequences with recurrent neural networks"',
    units: { loss: 'nats per character', nats: true, item: 'character', items: 'characters' },
    reads: 'tokens',
    families: ['recurrent'],
    bidirectional: false,
    generated: false,
    writes: true,
  },
  'temporal-order': {
    title: 'temporal order',
    definition:
      'Sequences of the letters a, b, c and d hold two marks, each X or Y, one after the first tenth and one after the first half: tell XX, XY, YX and YY apart at the end.',
    source: 'Hochreiter and Schmidhuber 1997, task 6a; Pascanu et al. 2013',
    units: { loss: 'nats per sequence', nats: true, item: 'sequence', items: 'sequences' },
    reads: 'tokens',
    families: ['recurrent'],
    bidirectional: true,
    criterion: { measure: 'accuracy', atLeast: 0.99 },
    generated: true,
    writes: false,
  },
  classification: {
    title: 'text classification',
    definition: 'Tell which class a text belongs to, from all of its words or characters.',
    source: 'Jurafsky and Martin, "Speech and language processing", chapters 4 and 9',
    units: { loss: 'nats per text', nats: true, item: 'text', items: 'texts' },
    reads: 'tokens',
    families: ['recurrent', 'convolutional', 'bag-of-words', 'naive-bayes', 'hidden-markov'],
    bidirectional: true,
    generated: false,
    writes: false,
  },
  tagging: {
    title: 'tagging',
    definition: 'Give every word of a sentence its tag, such as its part of speech, or whether it is part of a name.',
    source: 'Graves and Schmidhuber 2005; Jurafsky and Martin, "Speech and language processing", chapter 17',
    units: { loss: 'nats per word', nats: true, item: 'sentence', items: 'sentences' },
    reads: 'tokens',
    families: ['recurrent', 'hidden-markov'],
    bidirectional: true,
    generated: false,
    writes: false,
  },
  adding: {
    title: 'adding problem',
    definition:
      'Of a sequence of numbers drawn from 0 to 1, one in each half is marked: give the sum of the two at the end. Whoever always answers 1 errs by 1/6.',
    source: 'Hochreiter and Schmidhuber 1997, task 4; Le et al. 2015',
    units: { loss: 'mean squared error', nats: false, item: 'sequence', items: 'sequences' },
    reads: 'vectors',
    families: ['recurrent'],
    bidirectional: true,
    criterion: { measure: 'loss', atMost: 0.01 },
    generated: true,
    writes: false,
  },
  copying: {
    title: 'copying',
    definition:
      'Ten of eight letters stand at the beginning: write them down after the mark, which comes ten steps before the end. Until then a blank is the answer.',
    source: 'Arjovsky, Shah and Bengio 2016, "Unitary evolution recurrent neural networks"',
    units: { loss: 'nats per step', nats: true, item: 'sequence', items: 'sequences' },
    reads: 'tokens',
    families: ['recurrent'],
    bidirectional: false,
    criterion: { measure: 'sequenceAccuracy', atLeast: 0.99 },
    generated: true,
    writes: false,
  },
  counting: {
    title: 'counting, a^n X b^n',
    definition:
      'After n times a and an X, foretell n times b and the end; n is drawn from 1 to the largest that fits into the sequence.',
    source:
      'Gers and Schmidhuber 2001, "LSTM recurrent networks learn simple context-free and context-sensitive languages"',
    units: { loss: 'nats per step', nats: true, item: 'sequence', items: 'sequences' },
    reads: 'tokens',
    families: ['recurrent'],
    bidirectional: false,
    criterion: { measure: 'sequenceAccuracy', atLeast: 0.99 },
    generated: true,
    writes: false,
  },
  'sequence-to-sequence': {
    title: 'sequence to sequence',
    definition: 'Read a text to its end, then write another token by token, such as its translation.',
    source:
      'Sutskever, Vinyals and Le 2014, "Sequence to sequence learning with neural networks"; attention: Luong et al. 2015, Bahdanau et al. 2015',
    units: { loss: 'nats per token', nats: true, item: 'pair', items: 'pairs' },
    reads: 'tokens',
    families: ['recurrent'],
    bidirectional: false,
    generated: false,
    writes: false,
  },
  dates: {
    title: 'date normalization',
    definition: 'Write a date from 1950 to 2049, as people write it, in the form YYYY-MM-DD.',
    source: 'Ng et al. 2018, "Sequence models", Coursera, week 3: neural machine translation with attention',
    units: { loss: 'nats per character', nats: true, item: 'pair', items: 'pairs' },
    reads: 'tokens',
    families: ['recurrent'],
    bidirectional: false,
    criterion: { measure: 'exactMatch', atLeast: 0.98 },
    generated: true,
    writes: false,
  },
  reversing: {
    title: 'reversing',
    definition:
      'Write a word of random letters backwards: what comes in first is to be written last, so the whole word has to be kept.',
    source: 'Grefenstette et al. 2015, "Learning to transduce with unbounded memory"',
    units: { loss: 'nats per character', nats: true, item: 'pair', items: 'pairs' },
    reads: 'tokens',
    families: ['recurrent'],
    bidirectional: false,
    criterion: { measure: 'exactMatch', atLeast: 0.99 },
    generated: true,
    writes: false,
  },
  forecasting: {
    title: 'forecasting',
    definition: 'Read some steps of a series of numbers, and foretell the next ones of one of its columns.',
    source:
      'Yule 1927, "On a method of investigating periodicities in disturbed series"; for networks: Lapedes and Farber 1987',
    units: { loss: 'mean squared error', nats: false, item: 'window', items: 'windows' },
    reads: 'vectors',
    families: ['recurrent'],
    bidirectional: true,
    generated: false,
    writes: false,
  },
  'conditioned-generation': {
    title: 'generation from a label',
    definition: 'Given a label, write a text of its kind, character by character to its end.',
    source:
      'Robertson 2017, "Generating names with a character-level RNN", PyTorch tutorials; Vinyals et al. 2015 for states that begin with what is asked for',
    units: { loss: 'nats per character', nats: true, item: 'text', items: 'texts' },
    reads: 'tokens',
    families: ['recurrent'],
    bidirectional: false,
    generated: false,
    writes: true,
  },
};

/** @throws ConfigError where the task cannot be learned by the model that is asked for */
export function checkModel({ task: { name }, model }: RunConfig): void {
  const { family, bidirectional, cell, units, projection } = model;
  const { families, title, bidirectional: bothWays } = tasks[name];
  if (!families.includes(family)) {
    throw new ConfigError(
      `model.family: "${family}" cannot learn the task ${title}; allowed are ${families.map((each) => `"${each}"`).join(', ')}.`,
    );
  }
  if (projection > 0 && cell === 'lstm' && projection >= units) {
    throw new ConfigError(
      `model.projection: ${projection} is not less than model.units, ${units}; set it lower, or to 0.`,
    );
  }
  if (bidirectional && !bothWays) {
    throw new ConfigError(
      `model.bidirectional: in the task ${title} a model that reads backwards would see what it is to predict; set it to false.`,
    );
  }
  if (model.recurrence === 'output' && family === 'recurrent') checkOutputRecurrence(model, title, encoding.has(name));
}

/** Tasks whose encoder has no outputs that could be fed back. */
const encoding: ReadonlySet<TaskName> = new Set(['sequence-to-sequence', 'dates', 'reversing']);

function checkOutputRecurrence(
  { cell, layers, bidirectional, pooling }: RunConfig['model'],
  title: string,
  encodes: boolean,
): void {
  const refuse = (because: string): never => {
    throw new ConfigError(`model.recurrence: "output" ${because}; set it to "hidden".`);
  };
  if (cell !== 'rnn') refuse(`is for the cell "rnn", not "${cell}"`);
  if (layers > 1) refuse(`is for one layer, not ${layers}`);
  if (bidirectional) refuse('is for a model that reads in one direction');
  if (encodes) refuse(`cannot learn the task ${title}: its encoder has no outputs`);
  if (pooling !== 'last') refuse(`needs model.pooling "last": what is pooled over all steps is no output of a step`);
}

/** A criterion in words, such as "accuracy of at least 0.99". */
export function criterionWords(criterion: Criterion, { loss }: TaskUnits): string {
  return 'atMost' in criterion
    ? `${loss} of at most ${criterion.atMost}`
    : `${criterion.measure} of at least ${criterion.atLeast}`;
}
