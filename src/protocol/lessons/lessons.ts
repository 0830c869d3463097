import * as l10n from '@vscode/l10n';

/**
 * The lessons of the course, in the order of the lecture "Recurrent Neural Networks" (STAT 453, lecture 19). Page,
 * commands and run store read this table; `webview/course/bodies.ts` has the body of each lesson.
 */
export const LESSON_IDS = [
  'bagOfWords',
  'hmm',
  'padding',
  'order',
  'recurrence',
  'shapes',
  'construction',
  'clipping',
  'truncation',
  'cells',
  'pipeline',
  'layer',
] as const;

export type LessonId = (typeof LESSON_IDS)[number];

/** A run that a lesson trains: a sample configuration with changes. */
export interface LessonRun {
  /** Name of the run within its lesson. */
  readonly key: string;
  /** Name of the run on screen and in the run store, such as "clipped at norm 1". */
  readonly label: () => string;
  /** Sample configuration in `media/samples`, without its extension. It names its data, or its task generates them. */
  readonly sample: string;
  /** Fields of the configuration that differ from the sample, by their dotted paths. */
  readonly changes?: Readonly<Record<string, unknown>>;
}

/** A lesson: a claim, and the runs or the computation that show it. */
export interface Lesson {
  readonly title: () => string;
  /** What the lesson shows, in one sentence. */
  readonly claim: () => string;
  /** Part of the lecture that the lesson belongs to. */
  readonly topic: () => string;
  /** Slide of the lecture. */
  readonly slide: () => string;
  /** Runs of a lesson that trains. */
  readonly runs?: readonly LessonRun[];
}

const waysToModelText = () => l10n.t('Different ways to model text');
const withNetworks = () => l10n.t('Sequence modeling with RNNs');
/** Settings with which a simple RNN learns temporal order in few steps. */
const quickly = {
  'training.optimizer': 'adam',
  'training.learningRate': 0.003,
  'model.kernelInitializer': 'glorot-uniform',
  'model.recurrentInitializer': 'orthogonal',
};

/** Settings with which a simple RNN learns to recall a letter from its initial weights, if its gradient reaches it. */
const recalling = {
  'model.cell': 'rnn',
  'training.batchSize': 20,
  'training.learningRate': 0.001,
  'training.steps': 400,
  'training.validateEvery': 50,
};

/** Settings with which gated cells learn to add two numbers up to 50 steps apart, in equal steps. */
const adding = {
  'model.units': 32,
  'training.learningRate': 0.01,
  'training.steps': 600,
  'training.validateEvery': 20,
  'training.stopWhenSolved': false,
  'probes.every': 20,
};

/** A linear network with an orthogonal matrix, whose gradient neither vanishes nor explodes. */
const linearRecall = {
  ...recalling,
  'model.activation': 'linear',
  'model.units': 50,
  'training.steps': 500,
};

const kindsOfTasks = () => l10n.t('Different types of sequence modeling tasks');
const throughTime = () => l10n.t('Backpropagation through time');
const wordNetworks = () => l10n.t('Many-to-one word RNNs');

export const lessons: Readonly<Record<LessonId, Lesson>> = {
  bagOfWords: {
    title: () => l10n.t('Bag of words'),
    claim: () =>
      l10n.t(
        'Counting words turns sentences of any length into rows of equal length, which an ordinary classifier can read.',
      ),
    topic: waysToModelText,
    slide: () => l10n.t('A classic approach: bag of words'),
  },
  hmm: {
    title: () => l10n.t('Hidden Markov model'),
    claim: () =>
      l10n.t(
        'If hidden states follow a Markov chain and each emits an observation, sums and maxima over a trellis give the probability of the observations and the most likely states.',
      ),
    topic: waysToModelText,
    slide: () => l10n.t('Another classic approach: hidden Markov model'),
  },
  padding: {
    title: () => l10n.t('Convolutions and padding'),
    claim: () =>
      l10n.t(
        'A convolution reads a matrix, so shorter sentences are padded to the longest one. Without a mask, the padding changes what the network computes.',
      ),
    topic: waysToModelText,
    slide: () => l10n.t('Another approach: CNNs'),
  },
  order: {
    title: () => l10n.t('Why order matters'),
    claim: () =>
      l10n.t('A bag of words cannot tell apart sentences with the same words; the state of a recurrent network can.'),
    topic: waysToModelText,
    slide: () => l10n.t('Sequence data: order matters'),
  },
  recurrence: {
    title: () => l10n.t('What a network feeds back'),
    claim: () =>
      l10n.t(
        'The memory of a recurrent network is what a step reads of the previous one: the hidden state of each layer, or only the output, which usually has fewer numbers.',
      ),
    topic: withNetworks,
    slide: () => l10n.t('Recurrent neural networks, multilayer RNNs'),
    runs: [
      {
        key: 'hidden',
        label: () => l10n.t('hidden-to-hidden'),
        sample: 'temporal-order-clipped',
        changes: { ...quickly, 'model.recurrence': 'hidden' },
      },
      {
        key: 'output',
        label: () => l10n.t('output-to-hidden'),
        sample: 'temporal-order-clipped',
        changes: { ...quickly, 'model.recurrence': 'output' },
      },
    ],
  },
  shapes: {
    title: () => l10n.t('Four shapes of tasks'),
    claim: () =>
      l10n.t(
        'The same recurrent layer answers once, at every step, or after it has read everything: tasks differ in the steps at which the network reads and at which it writes.',
      ),
    topic: kindsOfTasks,
    slide: () => l10n.t('Many-to-one, one-to-many, many-to-many'),
    runs: [
      { key: 'oneToMany', label: () => l10n.t('One-to-many: surnames'), sample: 'names-generation' },
      { key: 'manyToOne', label: () => l10n.t('Many-to-one: languages of surnames'), sample: 'names-to-language' },
      { key: 'direct', label: () => l10n.t('Many-to-many, direct: parts of speech'), sample: 'parts-of-speech-lstm' },
      { key: 'delayed', label: () => l10n.t('Many-to-many, delayed: dates'), sample: 'dates' },
    ],
  },
  construction: {
    title: () => l10n.t('Vanishing and exploding gradients'),
    claim: () =>
      l10n.t(
        'The gradient of a loss is multiplied by the recurrent matrix and the slopes of the activation at every step back. Their size decides before any training whether it vanishes or explodes.',
      ),
    topic: throughTime,
    slide: () => l10n.t('A challenge: vanishing and exploding gradients'),
    runs: [
      { key: 'chosen', label: () => l10n.t('chosen gain'), sample: 'recall', changes: recalling },
      {
        key: 'one',
        label: () => l10n.t('orthogonal, gain 1'),
        sample: 'recall',
        changes: { ...recalling, 'model.recurrentInitializer': 'orthogonal', 'model.recurrentGain': 1 },
      },
    ],
  },
  clipping: {
    title: () => l10n.t('Gradient clipping'),
    claim: () =>
      l10n.t(
        'A gradient that explodes in one step can undo what a network has learned. Scaling it to a maximum norm keeps the direction and lets training go on.',
      ),
    topic: throughTime,
    slide: () => l10n.t('A challenge: vanishing and exploding gradients'),
    runs: [
      { key: 'clipped', label: () => l10n.t('clipped at norm 1'), sample: 'temporal-order-clipped' },
      { key: 'notClipped', label: () => l10n.t('not clipped'), sample: 'temporal-order-not-clipped' },
    ],
  },
  truncation: {
    title: () => l10n.t('Truncated back-propagation'),
    claim: () =>
      l10n.t(
        'Back-propagation that is cut after 20 steps saves time, but what lies further back than the cut is not learned.',
      ),
    topic: throughTime,
    slide: () => l10n.t('Solutions to vanishing and exploding gradients'),
    runs: [
      { key: 'uncut', label: () => l10n.t('not cut'), sample: 'recall', changes: linearRecall },
      {
        key: 'cut',
        label: () => l10n.t('cut at 20'),
        sample: 'recall',
        changes: { ...linearRecall, 'training.truncation': 20 },
      },
    ],
  },
  cells: {
    title: () => l10n.t('RNN, GRU and LSTM'),
    claim: () =>
      l10n.t(
        'Gates decide at each step what a cell keeps. They let a GRU and an LSTM learn to carry a value over many steps, where a simple RNN of the same size fails.',
      ),
    topic: throughTime,
    slide: () => l10n.t('Solutions to vanishing and exploding gradients'),
    runs: [
      {
        key: 'rnn',
        label: () => l10n.t('RNN'),
        sample: 'adding-problem',
        changes: { ...adding, 'model.cell': 'rnn' },
      },
      {
        key: 'gru',
        label: () => l10n.t('GRU'),
        sample: 'adding-problem',
        changes: { ...adding, 'model.cell': 'gru' },
      },
      {
        key: 'lstm',
        label: () => l10n.t('LSTM'),
        sample: 'adding-problem',
        changes: { ...adding, 'model.cell': 'lstm' },
      },
      {
        key: 'lstmOpen',
        label: () => l10n.t('LSTM, forget bias 3'),
        sample: 'adding-problem',
        changes: { ...adding, 'model.cell': 'lstm', 'model.forgetBias': 3 },
      },
      { key: 'textRnn', label: () => l10n.t('RNN on ferry.txt'), sample: 'ferry', changes: { 'model.cell': 'rnn' } },
      { key: 'textGru', label: () => l10n.t('GRU on ferry.txt'), sample: 'ferry', changes: { 'model.cell': 'gru' } },
      { key: 'textLstm', label: () => l10n.t('LSTM on ferry.txt'), sample: 'ferry' },
    ],
  },
  pipeline: {
    title: () => l10n.t('From words to vectors'),
    claim: () =>
      l10n.t('A network reads numbers: each word becomes an index, and the index selects a row of a matrix.'),
    topic: wordNetworks,
    slide: () => l10n.t('RNN steps 1 to 4: vocabulary, indices, one-hot vectors, embedding'),
  },
  layer: {
    title: () => l10n.t('nn.LSTM'),
    claim: () =>
      l10n.t(
        'Seven of its eight arguments fix the shapes of inputs, outputs and weights; dropout only acts in training.',
      ),
    topic: wordNetworks,
    slide: () => l10n.t('LSTMs in PyTorch'),
  },
};
