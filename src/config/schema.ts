import * as z from 'zod';
import { taskSchema } from './task.ts';

/**
 * The configuration of a run: the one schema behind the settings, the command line, `run.json` and the
 * JSON schema that completes `*.sequence-lab.json` files. Every field has a default, so that `{}` is a
 * run that a beginner can start, and bounds, so that a wrong value is named before anything is loaded.
 */

const data = z.strictObject({
  train: z
    .string()
    .default('')
    .describe('File or folder to train on, seen from the folder of the configuration file, where no other is named.'),
  validation: z
    .string()
    .default('')
    .describe('File or folder to validate on, seen likewise; empty keeps a share of what is trained on.'),
  sequenceLength: z
    .int()
    .min(2)
    .max(4096)
    .default(50)
    .describe(
      'Time steps of one training window, or of one generated sequence: how far back-propagation through time reaches.',
    ),
  stride: z
    .int()
    .min(0)
    .max(4096)
    .default(0)
    .describe(
      'Time steps from one window of a text to the next; 0 is a whole window. With fewer, windows overlap: only new steps count, and the gradient of each flows back further (k1 of Williams and Peng 1990; the window is k2).',
    ),
  validationShare: z
    .number()
    .min(0.01)
    .max(0.5)
    .default(0.1)
    .describe(
      'Share that is kept for validation: of a text its end, of texts, sentences or pairs so many at random, by distinct text.',
    ),
  validationLimit: z
    .int()
    .min(0)
    .default(20_000)
    .describe(
      'Validation scores at most this many characters from the head of the validation part; 0 scores all of it.',
    ),
});

export const modelSchema = z.strictObject({
  family: z
    .enum(['recurrent', 'convolutional', 'bag-of-words', 'naive-bayes', 'hidden-markov'])
    .default('recurrent')
    .describe('Kind of model; the task says which it can use. Fields of other families have no effect.'),
  cell: z
    .enum(['lstm', 'gru', 'rnn'])
    .default('lstm')
    .describe('Recurrent cell: LSTM, gated recurrent unit, or simple recurrent network.'),
  layers: z.int().min(1).max(8).default(1).describe('Number of stacked recurrent layers.'),
  bidirectional: z
    .boolean()
    .default(false)
    .describe(
      'Reads each sequence in both directions, with so many units in each; for tasks that see a whole sequence before they answer.',
    ),
  units: z.int().min(1).max(4096).default(100).describe('Hidden size of each recurrent layer.'),
  bias: z.boolean().default(true).describe('Whether the recurrent layers have biases.'),
  projection: z
    .int()
    .min(0)
    .max(4096)
    .default(0)
    .describe(
      'Width to which the cell lstm projects its hidden states before they go on (proj_size of PyTorch); 0 does not project.',
    ),
  activation: z
    .enum(['tanh', 'relu', 'linear'])
    .default('tanh')
    .describe('Activation of the cell rnn; the others have theirs.'),
  recurrence: z
    .enum(['hidden', 'output'])
    .default('hidden')
    .describe(
      'What the cell rnn feeds back: its hidden state, or its output, which then is all that it remembers (one layer, in one direction).',
    ),
  resetAfter: z
    .boolean()
    .default(false)
    .describe(
      'Applies the reset gate of the cell gru after the recurrent product, as PyTorch and Keras do; such a model does not open in plain TensorFlow.js.',
    ),
  embedding: z
    .int()
    .min(0)
    .max(4096)
    .default(0)
    .describe('Width of the learned embedding of each character; 0 feeds one-hot vectors.'),
  dropout: z
    .number()
    .min(0)
    .max(0.95)
    .default(0)
    .describe(
      'Share of the values that are dropped while training: on the way from one recurrent layer to the next, in classification out of the last too, and in sequence to sequence also into the first.',
    ),
  pooling: z
    .enum(['last', 'mean', 'max', 'attention'])
    .default('last')
    .describe(
      'What a classifier makes of the hidden states of all steps: the last one, their mean or maximum, or a weighted mean that it learns.',
    ),
  attention: z
    .enum(['none', 'dot', 'additive'])
    .default('none')
    .describe(
      'How the decoder of sequence to sequence looks at the states of the encoder: dot (Luong et al. 2015), additive (Bahdanau et al. 2015), or not at all.',
    ),
  hidden: z
    .int()
    .min(0)
    .max(4096)
    .default(0)
    .describe('Hidden units of the family bag-of-words: a small perceptron; 0 is logistic regression.'),
  features: z
    .enum(['counts', 'tf-idf'])
    .default('counts')
    .describe(
      'What the family bag-of-words reads: how often each token occurs, or that weighed by how rare the token is.',
    ),
  penalty: z
    .number()
    .min(0)
    .max(10)
    .default(0.0001)
    .describe('Penalty on the squared weights of the family bag-of-words; 1 / (n C) in the terms of scikit-learn.'),
  kernelWidths: z
    .string()
    .regex(/^[1-9]\d?(,[1-9]\d?)*$/, 'allowed are whole numbers from 1 to 99 with commas between, such as 3,4,5')
    .default('3,4,5')
    .describe('Tokens that each filter of the family convolutional sees at once, with commas between.'),
  filters: z.int().min(1).max(4096).default(100).describe('Filters of each width of the family convolutional.'),
  ngrams: z
    .int()
    .min(1)
    .max(5)
    .default(1)
    .describe('Longest run of tokens that counts as one, for the families bag-of-words and naive-bayes.'),
  smoothing: z
    .number()
    .positive()
    .max(100)
    .default(1)
    .describe(
      'What is added to every count of the families naive-bayes and hidden-markov, so that nothing is impossible.',
    ),
  kernelInitializer: z
    .enum(['glorot-uniform', 'normal'])
    .default('glorot-uniform')
    .describe('Initial weights from the inputs of each recurrent layer and of the output layer.'),
  recurrentInitializer: z
    .enum(['orthogonal', 'glorot-uniform', 'normal', 'identity'])
    .default('orthogonal')
    .describe('Initial weights from one step to the next; identity suits the cell rnn with relu (Le et al. 2015).'),
  recurrentGain: z
    .number()
    .positive()
    .max(10)
    .default(1)
    .describe('Factor on the initial weights from one step to the next, whichever way they are drawn.'),
  standardDeviation: z
    .number()
    .positive()
    .max(10)
    .default(0.1)
    .describe('Standard deviation of the initial weights that are drawn from a normal distribution.'),
  forgetBias: z
    .number()
    .min(-10)
    .max(10)
    .default(1)
    .describe('Initial bias of the forget gate of the cell lstm (Jozefowicz et al. 2015 recommend 1).'),
});

const training = z.strictObject({
  batchSize: z.int().min(1).max(4096).default(16).describe('Sequences, or streams of text, trained side by side.'),
  optimizer: z
    .enum(['adam', 'adamw', 'sgd', 'rmsprop', 'adagrad'])
    .default('adam')
    .describe(
      'How the weights follow the gradient: Adam, with decoupled weight decay (adamw), stochastic gradient descent, RMSProp or Adagrad.',
    ),
  momentum: z
    .number()
    .min(0)
    .max(0.999)
    .default(0)
    .describe('Share of the last step that the optimizer sgd adds to the next.'),
  learningRate: z.number().positive().max(10).default(0.005).describe('Step size of the optimizer.'),
  schedule: z
    .enum(['constant', 'cosine', 'step', 'plateau'])
    .default('constant')
    .describe(
      'Learning rate over training: constant, half a cosine down to zero at training.steps, lowered every so many steps, or lowered when validations get no better.',
    ),
  warmUp: z
    .int()
    .min(0)
    .max(10_000_000)
    .default(0)
    .describe('Steps over which the learning rate rises from zero, before its schedule begins.'),
  decayEvery: z
    .int()
    .min(1)
    .max(100_000_000)
    .default(1000)
    .describe('Steps after which the schedule step lowers the learning rate, again and again.'),
  decayFactor: z
    .number()
    .positive()
    .max(1)
    .default(0.5)
    .describe('Factor by which the schedules step and plateau lower the learning rate.'),
  plateauPatience: z
    .int()
    .min(1)
    .max(10_000)
    .default(3)
    .describe('Validations without a lower loss after which the schedule plateau lowers the learning rate.'),
  weightDecay: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe('Decay of the weights: decoupled with adamw, added to the gradient with the others.'),
  clipNorm: z
    .number()
    .min(0)
    .default(1)
    .describe(
      'The gradient is scaled down to this global L2 norm, the square root of the sum of squares, where it is larger; 0 does not clip.',
    ),
  clipValue: z
    .number()
    .min(0)
    .default(0)
    .describe(
      'Each value of the gradient is cut off at plus and minus this, before its norm is clipped; 0 does not cut.',
    ),
  steps: z.int().min(1).max(100_000_000).default(5000).describe('Optimizer steps after which training ends.'),
  seconds: z
    .number()
    .min(0)
    .default(0)
    .describe('Seconds of training after which training ends, if that comes before training.steps; 0 sets no limit.'),
  stopWhenSolved: z
    .boolean()
    .default(true)
    .describe('Ends the training when a validation meets the criterion of its task, where the task has one.'),
  patience: z
    .int()
    .min(0)
    .max(10_000)
    .default(0)
    .describe('Validations without a lower loss after which training ends early; 0: never.'),
  keepBest: z
    .boolean()
    .default(false)
    .describe(
      'Whether the saved model is that of the checkpoint with the lowest validation loss, and not the last one.',
    ),
  validateEvery: z.int().min(1).default(100).describe('Steps between two validations.'),
  checkpointEvery: z.int().min(1).default(500).describe('Steps between two checkpoints.'),
});

const sampling = z.strictObject({
  every: z.int().min(0).default(500).describe('Steps between two samples of text written by the model; 0 writes none.'),
  length: z.int().min(1).max(10_000).default(200).describe('Characters of a sample.'),
  temperature: z
    .number()
    .min(0)
    .max(10)
    .default(0.8)
    .describe('Temperature of the sampling: 0 always takes the likeliest character, 1 the model as it is.'),
  prompt: z.string().max(10_000).default('').describe('Text that a sample continues; empty starts at a line break.'),
});

const probes = z.strictObject({
  every: z.int().min(0).default(100).describe('Steps between two probes of gradient flow and gates; 0 takes none.'),
});

export const runConfigSchema = z
  .strictObject({
    task: taskSchema.prefault({ name: 'language-model' }).describe('What is trained.'),
    data: data.prefault({}),
    model: modelSchema.prefault({}),
    training: training.prefault({}),
    sampling: sampling.prefault({}),
    probes: probes.prefault({}),
    seed: z
      .int()
      .min(0)
      .max(2 ** 32 - 1)
      .default(1)
      .describe('Seed of everything random in the run: same seed, machine, backend and threads, same numbers.'),
    backend: z
      .enum(['auto', 'wasm', 'tensorflow', 'webgpu', 'reference'])
      .default('auto')
      .describe('Compute backend; auto times one training step on each that loads and takes the fastest.'),
    threads: z.int().min(0).max(256).default(0).describe('Threads of the backend; 0 lets the backend choose.'),
  })
  .describe('Sequence Lab run configuration');

/** A complete, checked configuration. */
export type RunConfig = z.output<typeof runConfigSchema>;

/** What a user may write: any subset of the fields. */
export type RunConfigInput = z.input<typeof runConfigSchema>;

/** The part of it that fixes the network and its initial weights. */
export type ModelConfig = RunConfig['model'];
