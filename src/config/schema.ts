import * as z from 'zod';
import { MOST_STEPS } from './limits.ts';
import { phrase } from '../phrases/phrase.ts';
import { CELL_NAMES, cells, alternatives } from './cells.ts';
import { drawingFields } from './drawing.ts';
import { readingFields } from './reading.ts';
import { taskSchema } from './task.ts';

/**
 * The configuration of a run: one schema for the settings, the command line, `run.json`, the JSON schema that completes
 * `*.sequence-lab.json` files, and docs/configuration.md. Every field has a default, so that `{}` is a valid run, and
 * bounds, so that a wrong value is reported before anything is loaded.
 */

/** Why a text is not a list of filter widths. The check of a configuration shows it as a phrase. */
const WIDTHS = phrase('allowed are integers from 1 to 99 separated by commas, such as 3,4,5');

const data = z.strictObject({
  train: z
    .string()
    .default('')
    .describe(
      'Training file or folder, relative to the configuration file. A language model also takes a path with wildcards, such as src/**/*.md. A file given on the command line takes precedence.',
    ),
  validation: z
    .string()
    .default('')
    .describe(
      'Validation file or folder, relative to the configuration file. If empty, part of the training data is held out.',
    ),
  sequenceLength: z
    .int()
    .min(2)
    .max(4096)
    .default(50)
    .describe(
      'Time steps of a training window or of a generated sequence. The gradient flows back through at most this many steps.',
    ),
  stride: z
    .int()
    .min(0)
    .max(4096)
    .default(0)
    .describe(
      'Time steps from one training window to the next: k1 of truncated back-propagation (Williams and Peng 1990); the window is k2. 0 uses a whole window. With a smaller stride, windows overlap, and only the new steps contribute to the loss.',
    ),
  validationShare: z
    .number()
    .min(0.01)
    .max(0.5)
    .default(0.1)
    .describe(
      'Fraction held out for validation: the tail of a text, or a random sample of distinct texts, sentences or pairs, or of the documents of a folder.',
    ),
  split: z
    .enum(['stratified', 'random'])
    .default('stratified')
    .describe(
      'How labeled texts are divided into training and validation: with every label in proportion in both parts, or at random.',
    ),
  validationLimit: z
    .int()
    .min(0)
    .default(20_000)
    .describe(
      'Maximum number of characters or words that a validation scores, from the start of the validation part. 0 scores all of it.',
    ),
  ...readingFields,
});

export const modelSchema = z.strictObject({
  family: z
    .enum(['recurrent', 'convolutional', 'bag-of-words', 'naive-bayes', 'hidden-markov'])
    .default('recurrent')
    .describe('Model family. Each task supports some of them.'),
  cell: z
    .enum(CELL_NAMES)
    .default('lstm')
    .describe(`Recurrent cell: ${alternatives(CELL_NAMES.map((name) => cells[name].about))}.`),
  layers: z.int().min(1).max(8).default(1).describe('Number of stacked recurrent layers.'),
  bidirectional: z
    .boolean()
    .default(false)
    .describe(
      'Read each sequence in both directions, with model.units units in each. Only for tasks that see the whole sequence before they answer; of an encoder and decoder, the encoder.',
    ),
  units: z.int().min(1).max(4096).default(100).describe('Hidden size of each recurrent layer.'),
  bias: z.boolean().default(true).describe('Add biases to the recurrent layers.'),
  projection: z
    .int()
    .min(0)
    .max(4096)
    .default(0)
    .describe(
      'Size to which an LSTM projects its hidden state (proj_size in PyTorch). 0 disables the projection. Plain TensorFlow.js cannot load a model with one.',
    ),
  activation: z
    .enum(['tanh', 'relu', 'linear'])
    .default('tanh')
    .describe('Activation of a simple RNN. LSTM and GRU have fixed activations.'),
  recurrence: z
    .enum(['hidden', 'output'])
    .default('hidden')
    .describe(
      'Feedback of a simple RNN: its hidden state, or the output of the network before its activation (one layer, one direction). Plain TensorFlow.js cannot load a model with output feedback.',
    ),
  resetAfter: z
    .boolean()
    .default(false)
    .describe(
      'Apply the reset gate of a GRU after the recurrent product, as PyTorch and Keras do. Plain TensorFlow.js cannot load such a model.',
    ),
  embedding: z
    .int()
    .min(0)
    .max(4096)
    .default(0)
    .describe('Size of the learned embedding of each token. 0 uses one-hot vectors.'),
  tieWeights: z
    .boolean()
    .default(false)
    .describe(
      'Use the embedding, transposed, as the weights of the output layer too (Press and Wolf 2017; Inan et al. 2017). model.embedding must equal model.units, or model.projection if there is one.',
    ),
  dropout: z
    .number()
    .min(0)
    .max(0.95)
    .default(0)
    .describe(
      'Dropout rate between recurrent layers. Also applied after the last layer in classification, and before the first layer in sequence to sequence.',
    ),
  pooling: z
    .enum(['last', 'mean', 'max', 'attention'])
    .default('last')
    .describe(
      'Pooling of the hidden states of a classifier over time: the last one, the mean, the maximum, or a learned weighted mean.',
    ),
  attention: z
    .enum(['none', 'dot', 'additive'])
    .default('none')
    .describe(
      'Attention of a sequence-to-sequence decoder over the encoder states: none, dot (Luong et al. 2015) or additive (Bahdanau et al. 2015).',
    ),
  hidden: z
    .int()
    .min(0)
    .max(4096)
    .default(0)
    .describe('Hidden units of a bag-of-words model. 0 is logistic regression.'),
  features: z
    .enum(['counts', 'tf-idf'])
    .default('counts')
    .describe(
      'Features of bag-of-words and naive-bayes models: token counts, or counts weighted by inverse document frequency.',
    ),
  penalty: z
    .number()
    .min(0)
    .max(10)
    .default(0.0001)
    .describe('L2 penalty on the weights of a bag-of-words model: 1 / (n C) in scikit-learn.'),
  kernelWidths: z
    .string()
    .regex(/^[1-9]\d?(,[1-9]\d?)*$/, WIDTHS.phrase)
    .default('3,4,5')
    .describe('Widths of the convolution filters in tokens, separated by commas.'),
  filters: z.int().min(1).max(4096).default(100).describe('Number of convolution filters of each width.'),
  ngrams: z
    .int()
    .min(1)
    .max(5)
    .default(1)
    .describe('Longest n-gram of tokens that bag-of-words and naive-bayes models count.'),
  smoothing: z
    .number()
    .positive()
    .max(100)
    .default(1)
    .describe('Constant added to every count of naive-bayes and hidden-markov models (additive smoothing).'),
  kernelInitializer: z
    .enum(['glorot-uniform', 'normal'])
    .default('glorot-uniform')
    .describe('Initializer of the input weights of the recurrent layers and of the output layer.'),
  recurrentInitializer: z
    .enum(['orthogonal', 'glorot-uniform', 'normal', 'identity'])
    .default('orthogonal')
    .describe('Initializer of the recurrent weights. identity suits a simple RNN with relu (Le et al. 2015).'),
  recurrentGain: z.number().positive().max(10).default(1).describe('Factor applied to the initial recurrent weights.'),
  standardDeviation: z
    .number()
    .positive()
    .max(10)
    .default(0.1)
    .describe('Standard deviation of the normal initializers.'),
  forgetBias: z
    .number()
    .min(-10)
    .max(10)
    .default(1)
    .describe('Initial bias of the forget gate of an LSTM (Jozefowicz et al. 2015 recommend 1).'),
});

const training = z.strictObject({
  batchSize: z
    .int()
    .min(1)
    .max(4096)
    .default(16)
    .describe('Number of sequences, or of parallel streams of a text, in a training step.'),
  optimizer: z
    .enum(['adam', 'adamw', 'sgd', 'rmsprop', 'adagrad'])
    .default('adam')
    .describe('Optimizer: Adam, AdamW (decoupled weight decay), stochastic gradient descent, RMSProp or Adagrad.'),
  momentum: z.number().min(0).max(0.999).default(0).describe('Momentum of the optimizer sgd.'),
  learningRate: z.number().positive().max(10).default(0.005).describe('Learning rate of the optimizer.'),
  schedule: z
    .enum(['constant', 'cosine', 'step', 'plateau', 'range-test'])
    .default('constant')
    .describe(
      'Learning-rate schedule: constant; cosine decay to zero at training.steps; step decay every training.decayEvery steps; decay when the validation loss stops improving (plateau); or exponential growth to training.lastLearningRate at training.steps, which shows the loss by rate (range-test, Smith 2017).',
    ),
  lastLearningRate: z
    .number()
    .positive()
    .max(10)
    .default(10)
    .describe('Learning rate of the last step of the schedule range-test.'),
  warmUp: z
    .int()
    .min(0)
    .max(10_000_000)
    .default(0)
    .describe('Steps over which the learning rate rises linearly from zero before the schedule begins.'),
  decayEvery: z
    .int()
    .min(1)
    .max(100_000_000)
    .default(1000)
    .describe('Steps between two reductions of the learning rate by the schedule step.'),
  decayFactor: z
    .number()
    .positive()
    .max(1)
    .default(0.5)
    .describe('Factor by which the schedules step and plateau multiply the learning rate.'),
  plateauPatience: z
    .int()
    .min(1)
    .max(10_000)
    .default(3)
    .describe('Validations without improvement before the schedule plateau reduces the learning rate.'),
  weightDecay: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe('Weight decay: decoupled for adamw, added to the gradient for the other optimizers.'),
  clipNorm: z
    .number()
    .min(0)
    .default(1)
    .describe('Maximum global L2 norm of the gradient; a larger gradient is scaled down to it. 0 disables clipping.'),
  clipValue: z
    .number()
    .min(0)
    .default(0)
    .describe(
      'Maximum absolute value of each component of the gradient, applied before training.clipNorm. 0 disables it.',
    ),
  truncation: z
    .int()
    .min(0)
    .max(4096)
    .default(0)
    .describe(
      'Time steps after which back-propagation through a generated sequence is cut, counted from its end: the state crosses the cut, the gradient does not (truncated back-propagation through time). 0 does not cut.',
    ),
  steps: z.int().min(1).max(MOST_STEPS).default(5000).describe('Number of optimizer steps.'),
  seconds: z.number().min(0).default(0).describe('Time limit in seconds of training. 0 sets no limit.'),
  stopWhenSolved: z
    .boolean()
    .default(true)
    .describe('End training when a validation meets the criterion of the task, if the task has one.'),
  patience: z
    .int()
    .min(-1)
    .max(10_000)
    .default(-1)
    .describe(
      'Validations without improvement before training ends early. 0 disables early stopping; -1 ends after 10 if the run overfits and after 30 otherwise, and never in a task that generates its data.',
    ),
  keepBest: z
    .boolean()
    .default(true)
    .describe('Save the model with the lowest validation loss instead of the last one.'),
  validateEvery: z.int().min(1).default(100).describe('Steps between two validations.'),
  checkpointEvery: z.int().min(1).default(500).describe('Steps between two checkpoints.'),
});

const sampling = z.strictObject({
  every: z.int().min(0).default(500).describe('Steps between two text samples of the model. 0 disables sampling.'),
  length: z
    .int()
    .min(1)
    .max(10_000)
    .default(200)
    .describe('Length of a sample in characters, or in words if task.tokens is word.'),
  ...drawingFields,
  prompt: z
    .string()
    .max(10_000)
    .default('')
    .describe('Text that a sample continues. If empty, a sample starts after a line break.'),
});

const probes = z.strictObject({
  every: z
    .int()
    .min(0)
    .default(100)
    .describe('Steps between two probes of gradient flow and gates. 0 disables probes.'),
});

export const runConfigSchema = z
  .strictObject({
    task: taskSchema.prefault({ name: 'language-model' }).describe('Task to train.'),
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
      .describe(
        'Random seed. The same seed on the same machine, backend and thread count reproduces the same numbers.',
      ),
    backend: z
      .enum(['auto', 'wasm', 'tensorflow', 'webgpu', 'reference'])
      .default('auto')
      .describe('Compute backend. auto times one training step on each available backend and takes the fastest.'),
    threads: z
      .int()
      .min(0)
      .max(256)
      .default(0)
      .describe('Number of threads of the backend. 0 lets the backend choose.'),
  })
  .describe('Sequence Lab run configuration');

/** A complete, validated configuration. */
export type RunConfig = z.output<typeof runConfigSchema>;

/** Input of a user: any subset of the fields. */
export type RunConfigInput = z.input<typeof runConfigSchema>;

/** The part of a configuration that determines the network and its initial weights. */
export type ModelConfig = RunConfig['model'];
