import * as tf from '@tensorflow/tfjs';
import type { Norms, Taps } from '../../../src/kernels/contract.ts';
import { Bidirectional } from '../../../src/layers/bidirectional.ts';
import type { Recurrent } from '../../../src/layers/recurrent.ts';
import { RecurrentStack } from '../../../src/layers/recurrentStack.ts';
import type { HiddenState, LayerState, LstmState } from '../../../src/layers/sequenceLayer.ts';
import { readTensors, writeVariables } from '../../../src/models/weights.ts';
import type { NamedTensor } from '../../../src/models/weights.ts';
import { type CellKind, layerName } from '../../oracle/cells.ts';
import { layerOf as recurrent, tensor } from './sequenceCalculator.ts';

/** Call of stacked layers. States are named by direction and part, such as `forward_lstm_1/c`. */
export interface LayersCall {
  readonly kind: CellKind;
  readonly units: number;
  readonly bidirectional: boolean;
  /** Directions of each layer by name, such as `forward_lstm_1`. */
  readonly directions: readonly (readonly string[])[];
  readonly weights: readonly NamedTensor[];
  readonly x: NamedTensor;
  readonly lengths: NamedTensor;
  readonly initial: readonly NamedTensor[];
  /** Factors of the loss, which is the sum of the outputs and the final states times these. */
  readonly byOutput: NamedTensor;
  readonly byFinal: readonly NamedTensor[];
}

/** Outputs, final states, gradients and norms of the layers. */
export async function layers(call: LayersCall) {
  const stack = new RecurrentStack(call.directions.map((_, index) => layerOf(call, index)));
  const network = tf.sequential();
  stack.addTo(network);
  const parameters = network.trainableWeights.map((weight) => ({
    name: weight.originalName,
    variable: weight.read() as tf.Variable,
  }));
  writeVariables(parameters, call.weights);

  const [x, lengths] = [tensor(call.x), tensor(call.lengths) as tf.Tensor1D];
  const initial = byName(call.initial);
  const byFinal = byName(call.byFinal);
  const norms: { name: string; tensor: Norms }[] = [];
  const tapsOf = (name: string): Taps => ({ receive: (received) => norms.push({ name, tensor: received }) });
  const kept: { name: string; tensor: tf.Tensor }[] = [];
  const loss = (): tf.Scalar => {
    const before = call.directions.map((names) => stateOf(names, initial));
    const { h, states } = stack.sequence(x, before, { lengths, tapsOf });
    const final = states.flatMap((state, index) => partsOf(call.directions[index] ?? [], state));
    kept.push(
      { name: 'output', tensor: tf.keep(h) },
      ...final.map(({ name, tensor: part }) => ({ name, tensor: tf.keep(part) })),
    );
    const parts = final.map(({ name, tensor: part }) => tf.sum<tf.Scalar>(tf.mul(part, byFinal.get(name)!)));
    return tf.addN([tf.sum(tf.mul(h, tensor(call.byOutput))), ...parts]) as tf.Scalar;
  };
  const variables = parameters.map(({ variable }) => variable as tf.Tensor);
  const gradients = tf.grads(loss)([...variables, x, ...initial.values()]);
  const names = [...parameters.map(({ name }) => name), 'x', ...initial.keys()];
  const [output, ...final] = await readTensors(kept);
  return {
    output: output!,
    final,
    gradients: await readTensors(names.map((name, index) => ({ name, tensor: gradients[index]! }))),
    norms: await readTensors(norms),
  };
}

function layerOf({ kind, units, bidirectional, directions, x }: LayersCall, index: number): Bidirectional | Recurrent {
  const inputs = index === 0 ? { inputs: x.shape.at(-1) ?? 0 } : {};
  const layer = recurrent(kind, { name: layerName(kind, index), units, ...(bidirectional ? {} : inputs) });
  const result = bidirectional ? new Bidirectional({ name: `bidirectional_${index + 1}`, layer, ...inputs }) : layer;
  const names = result instanceof Bidirectional ? [result.forward.name, result.backward.name] : [result.name];
  if (names.join() !== directions[index]?.join()) throw new Error(`The layer is named ${names.join()}.`);
  return result;
}

function byName(tensors: readonly NamedTensor[]): Map<string, tf.Tensor> {
  return new Map(tensors.map((stored) => [stored.name, tensor(stored)]));
}

function stateOf(directions: readonly string[], parts: ReadonlyMap<string, tf.Tensor>): LayerState {
  const [forward, backward] = directions.map((name) => {
    const [h, c] = ['h', 'c'].map((part) => parts.get(`${name}/${part}`));
    return (c ? { h, c } : { h }) as HiddenState | LstmState;
  });
  if (!forward) throw new Error('A layer has one direction at least.');
  return backward ? { forward, backward } : forward;
}

function partsOf(directions: readonly string[], state: LayerState): { name: string; tensor: tf.Tensor }[] {
  const states = 'forward' in state ? [state.forward, state.backward] : [state];
  return states.flatMap((direction, index) =>
    Object.entries(direction).map(([part, value]: [string, tf.Tensor]) => ({
      name: `${directions[index]}/${part}`,
      tensor: value,
    })),
  );
}
