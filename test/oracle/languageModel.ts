import { makeCell } from './cells.ts';
import { crossEntropy } from './crossEntropy.ts';
import { addToRows, multiply, oneHot, sum, sumRows, transpose, zip } from './matrix.ts';
import type { Matrix } from './matrix.ts';
import { zeroState } from './recurrent.ts';
import type { CellWeights, Run, State } from './recurrent.ts';
import type { ModelWeights } from './weights.ts';

/** Window of text: ids and targets [timeSteps][batch], and the initial state of each layer. */
export interface Window {
  readonly ids: readonly (readonly number[])[];
  readonly targets: readonly (readonly number[])[];
  readonly initial: readonly State[];
}

export interface Forward {
  /** Mean cross-entropy in nats. */
  readonly loss: number;
  /** [timeSteps] matrices [batch, vocabulary]. */
  readonly logits: Matrix[];
  /** Gates and states of each layer. */
  readonly layers: Run[];
  /** The states after the last step, one for each layer. */
  readonly final: State[];
}

export interface ForwardAndBackward extends Forward {
  readonly gradients: ModelWeights;
  /** [layers][timeSteps]: dL/dh_t, and for the LSTM dL/dc_t. */
  readonly stateGradients: State[][];
  /** Gradients of the initial states, one for each layer. */
  readonly initialGradients: State[];
}

/** The character language model: one-hot or embedded ids, stacked recurrent layers, dense, softmax cross-entropy. */
export function forward(weights: ModelWeights, window: Window): Forward {
  let inputs = embed(weights, window);
  const layers = zip(weights.layers, window.initial, (layer, initial) => {
    const run = makeCell(weights.kind, layer).run(inputs, initial);
    inputs = hiddenStates(run);
    return run;
  });
  const logits = inputs.map((hidden) => addToRows(multiply(hidden, weights.dense.kernel), weights.dense.bias));
  const { loss } = crossEntropy(logits, window.targets);
  const final = zip(layers, window.initial, ({ states }, initial) => states.at(-1) ?? initial);
  return { loss, logits, layers, final };
}

/** Forward pass and all gradients of the mean loss, derived by hand, through time within the window. */
export function forwardAndBackward(weights: ModelWeights, window: Window): ForwardAndBackward {
  const result = forward(weights, window);
  const { gradients: logits } = crossEntropy(result.logits, window.targets);
  const last = result.layers.at(-1);
  const dense = {
    kernel: sum(zip(last ? hiddenStates(last) : [], logits, product)),
    bias: sum(logits.map(sumRows)),
  };

  let fromAbove = logits.map((step) => multiply(step, transpose(weights.dense.kernel)));
  const layers: CellWeights[] = [];
  const stateGradients: State[][] = [];
  const initialGradients: State[] = [];
  for (const run of [...result.layers].reverse()) {
    const gradients = run.back(
      zip(run.states, fromAbove, (state, hidden): State => [hidden, ...zeroState(state).slice(1)]),
    );
    layers.unshift(gradients.weights);
    stateGradients.unshift(gradients.states);
    initialGradients.unshift(gradients.initial);
    fromAbove = gradients.inputs;
  }

  const embedding = weights.embedding && { embedding: sum(zip(oneHots(weights, window), fromAbove, product)) };
  return {
    ...result,
    gradients: { kind: weights.kind, ...embedding, layers, dense },
    stateGradients,
    initialGradients,
  };
}

/** The ids of each step as one-hot rows, [timeSteps] matrices [batch, vocabulary]. */
function oneHots(weights: ModelWeights, window: Window): Matrix[] {
  return window.ids.map((ids) => oneHot(ids, weights.dense.bias.columns));
}

function embed(weights: ModelWeights, window: Window): Matrix[] {
  const { embedding } = weights;
  return oneHots(weights, window).map((ids) => (embedding ? multiply(ids, embedding) : ids));
}

function hiddenStates({ states }: Run): Matrix[] {
  return states.map(([hidden]) => hidden);
}

/** Gradient of W in y = x W. */
function product(x: Matrix, gradient: Matrix): Matrix {
  return multiply(transpose(x), gradient);
}
