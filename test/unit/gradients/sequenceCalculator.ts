import * as tf from '@tensorflow/tfjs';
import { cells } from '../../../src/config/cells.ts';
import { modelSchema } from '../../../src/config/schema.ts';
import type { Norms, SequenceInputs, Taps } from '../../../src/kernels/contract.ts';
import type { NativeBackend } from '../../../src/kernels/tensorflow/binding.ts';
import { cellLayers } from '../../../src/layers/cells.ts';
import type { Recurrent, RecurrentOptions } from '../../../src/layers/recurrent.ts';
import { readTensors } from '../../../src/models/weights.ts';
import type { NamedTensor } from '../../../src/models/weights.ts';
import type { CellKind } from '../../oracle/cells.ts';

/** Call of a sequence kernel: inputs by their names in the contract, and the gradients of its outputs. */
export interface SequenceCall {
  readonly kind: CellKind;
  readonly reverse: boolean;
  readonly inputs: readonly NamedTensor[];
  readonly dh: NamedTensor;
  readonly dcLast?: NamedTensor | undefined;
}

/** Compared outputs of a cell's forward kernel: its states, and its gates if it has any. */
function outputNames({ cell }: Pick<CellKind, 'cell'>): string[] {
  const { states, activations } = cells[cell];
  return [...states, ...(activations.some(({ output }) => output >= states.length) ? ['gates'] : [])];
}

/** Unbuilt layer of a cell, which provides its kernels. */
export function layerOf(kind: CellKind, options: RecurrentOptions): Recurrent {
  return cellLayers[kind.cell].layer(options, modelSchema.parse(kind));
}

export interface SequenceAnswer {
  readonly tensors: NamedTensor[];
  /** Number of leaked tensors. */
  readonly tensorsLeft: number;
  /** Number of leaked handles of a native library. */
  readonly handlesLeft: number;
}

/** Returns the outputs of a sequence kernel, the gradient of each of its inputs, and the norms. */
export async function sequence(call: SequenceCall): Promise<SequenceAnswer> {
  const before = { tensors: tf.memory().numTensors, handles: handles() };
  const inputs = new Map(call.inputs.map((input) => [input.name, tensor(input)]));
  const differentiable = [...inputs].filter(([, { dtype }]) => dtype === 'float32');
  const taps = new Collected();
  const gradients = tf.tidy(() => {
    const loss = (): tf.Scalar => lossOf(call, Object.fromEntries(inputs) as unknown as SequenceInputs, taps);
    return tf.grads(loss)(differentiable.map(([, input]) => input));
  });
  const results = [
    ...outputNames(call.kind).map((name, index) => ({ name, tensor: taps.outputs[index]! })),
    ...taps.norms.map((norms) => ({ name: 'norms', tensor: norms })),
    ...differentiable.map(([name], index) => ({ name: `gradient of ${name}`, tensor: gradients[index]! })),
  ];
  const tensors = await readTensors(results);
  tf.dispose([...inputs.values(), ...taps.outputs, ...taps.norms, ...gradients]);
  return { tensors, tensorsLeft: tf.memory().numTensors - before.tensors, handlesLeft: handles() - before.handles };
}

/** Number of live handles in native TensorFlow; zero on other backends. */
function handles(): number {
  return (tf.backend() as Partial<NativeBackend>).binding?.getNumOfTensors() ?? 0;
}

/** Sum of the states times their gradients, computed with the kernel of the cell. */
function lossOf({ kind, reverse, dh, dcLast }: SequenceCall, inputs: SequenceInputs, taps: Taps): tf.Scalar {
  const { h0, ...others } = inputs;
  const before = 'c0' in inputs ? { h: h0, c: inputs.c0 as tf.Tensor2D } : { h: h0 };
  const { h, state } = layerOf(kind, { name: 'layer', units: dh.shape.at(-1) ?? 0 }).run(others, before, {
    reverse,
    taps,
  });
  const loss = tf.sum<tf.Scalar>(tf.mul(h, tensor(dh)));
  return dcLast && 'c' in state ? tf.add(loss, tf.sum(tf.mul(state.c, tensor(dcLast)))) : loss;
}

class Collected implements Taps {
  readonly norms: Norms[] = [];
  outputs: readonly tf.Tensor[] = [];

  receive(norms: Norms): void {
    this.norms.push(norms);
  }

  receiveOutputs(outputs: readonly tf.Tensor[]): void {
    this.outputs = outputs;
  }
}

/** Creates the tensor of an input: int32 for lengths and for ids, which have two dimensions. */
export function tensor({ name, values, shape }: NamedTensor): tf.Tensor {
  const isInteger = name === 'lengths' || (name === 'x' && shape.length === 2);
  return tf.tensor(isInteger ? Int32Array.from(values) : values, [...shape], isInteger ? 'int32' : 'float32');
}
