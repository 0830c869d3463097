import { crossEntropy } from './crossEntropy.ts';
import { lstmBackward, lstmForward } from './lstm.ts';
import type { LstmState, LstmStep } from './lstm.ts';
import { addToRows, multiply, oneHot, sum, sumRows, transpose, zerosLike, zip } from './matrix.ts';
import type { Matrix } from './matrix.ts';
import type { LstmWeights, ModelWeights } from './weights.ts';

/** What the model reads in one window: ids and targets [timeSteps][batch], and a state for each layer. */
export interface Window {
  readonly ids: readonly (readonly number[])[];
  readonly targets: readonly (readonly number[])[];
  readonly initial: readonly LstmState[];
}

export interface Forward {
  /** Mean cross-entropy in nats. */
  readonly loss: number;
  /** [timeSteps] matrices [batch, vocabulary]. */
  readonly logits: Matrix[];
  /** [layers][timeSteps]: gates and states. */
  readonly layers: LstmStep[][];
  /** The states after the last step, one for each layer. */
  readonly final: LstmState[];
}

export interface ForwardAndBackward extends Forward {
  readonly gradients: ModelWeights;
  /** [layers][timeSteps]: dL/dh_t and dL/dc_t. */
  readonly stateGradients: LstmState[][];
  /** dL/dh_0 and dL/dc_0, one for each layer. */
  readonly initialGradients: LstmState[];
}

/** The character language model: one-hot or embedded ids, stacked LSTM, dense, softmax cross-entropy. */
export function forward(weights: ModelWeights, window: Window): Forward {
  let inputs = embed(weights, window);
  const layers = zip(weights.layers, window.initial, (layer, initial) => {
    const steps = lstmForward(layer, inputs, initial);
    inputs = hiddenStates(steps);
    return steps;
  });
  const logits = inputs.map((hidden) => addToRows(multiply(hidden, weights.dense.kernel), weights.dense.bias));
  const { loss } = crossEntropy(logits, window.targets);
  const final = zip(layers, window.initial, (steps, initial) => steps.at(-1)?.state ?? initial);
  return { loss, logits, layers, final };
}

/** The same, and back: all gradients of the mean loss by hand, through time within the window. */
export function forwardAndBackward(weights: ModelWeights, window: Window): ForwardAndBackward {
  const result = forward(weights, window);
  const { gradients: logits } = crossEntropy(result.logits, window.targets);
  const dense = {
    kernel: sum(zip(hiddenStates(result.layers.at(-1) ?? []), logits, product)),
    bias: sum(logits.map(sumRows)),
  };

  let fromAbove = logits.map((step) => multiply(step, transpose(weights.dense.kernel)));
  const layers: LstmWeights[] = [];
  const stateGradients: LstmState[][] = [];
  const initialGradients: LstmState[] = [];
  for (const [layer, steps] of zip(weights.layers, result.layers, (...pair) => pair).reverse()) {
    const direct = fromAbove.map((hidden) => ({ hidden, cell: zerosLike(hidden) }));
    const gradients = lstmBackward(layer, steps, direct);
    layers.unshift(gradients.weights);
    stateGradients.unshift(gradients.states);
    initialGradients.unshift(gradients.initial);
    fromAbove = gradients.inputs;
  }

  const embedding = weights.embedding && { embedding: sum(zip(oneHots(weights, window), fromAbove, product)) };
  return { ...result, gradients: { ...embedding, layers, dense }, stateGradients, initialGradients };
}

/** The ids of each step as one-hot rows, [timeSteps] matrices [batch, vocabulary]. */
function oneHots(weights: ModelWeights, window: Window): Matrix[] {
  return window.ids.map((ids) => oneHot(ids, weights.dense.bias.columns));
}

function embed(weights: ModelWeights, window: Window): Matrix[] {
  const { embedding } = weights;
  return oneHots(weights, window).map((ids) => (embedding ? multiply(ids, embedding) : ids));
}

function hiddenStates(steps: readonly LstmStep[]): Matrix[] {
  return steps.map((step) => step.state.hidden);
}

/** The gradient of W in y = x W. */
function product(x: Matrix, gradient: Matrix): Matrix {
  return multiply(transpose(x), gradient);
}
