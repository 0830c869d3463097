import type { TensorInfo } from '@tensorflow/tfjs';
import { cells as descriptions, isSigmoid } from '../../../../src/config/cells.ts';
import { sigmoidValue, tanhValue } from '../../../../src/layers/jacobian/slopes.ts';
import type { SequenceLabBackend } from '../../../../src/kernels/wasm/backend.ts';
import {
  gruSequence,
  gruSequenceGrad,
  lstmSequence,
  lstmSequenceGrad,
  rnnSequence,
  rnnSequenceGrad,
} from '../../../../src/kernels/wasm/cells.ts';
import type { NamedTensor } from '../../../../src/models/weights.ts';
import type { CellKind } from '../../../oracle/cells.ts';
import type { SequenceCall } from '../../gradients/sequenceCalculator.ts';

type Kernel = (inputs: never, attributes: never, backend: SequenceLabBackend) => TensorInfo[];

/** Kernels of each cell, with the names of their outputs in the order of the contract. */
const cells: Partial<
  Record<
    CellKind['cell'],
    { forward: Kernel; outputs: readonly string[]; backward: Kernel; gradients: readonly string[] }
  >
> = {
  lstm: {
    forward: lstmSequence,
    outputs: ['h', 'c', 'storedGates'],
    backward: lstmSequenceGrad,
    gradients: gradientsOf('h0', 'c0'),
  },
  gru: {
    forward: gruSequence,
    outputs: ['h', 'storedGates', 'recurrentCandidate'],
    backward: gruSequenceGrad,
    gradients: gradientsOf('h0'),
  },
  rnn: { forward: rnnSequence, outputs: ['h', 'slopes'], backward: rnnSequenceGrad, gradients: gradientsOf('h0') },
};

/** True if a cell has WebAssembly kernels. */
export function hasKernels({ cell }: CellKind): boolean {
  return cell in cells;
}

function gradientsOf(...states: string[]): string[] {
  return [...['x', 'kernel', 'recurrentKernel', 'bias', ...states].map((name) => `gradient of ${name}`), 'norms'];
}

/**
 * Runs a cell forward and backward on the kernels without a TensorFlow.js backend.
 * @returns outputs, gradients and norms by name, without empty ones; `gates` are the activations of the stored gates
 */
export function runCell(
  backend: SequenceLabBackend,
  { kind, reverse, inputs, dh, dcLast }: SequenceCall,
): NamedTensor[] {
  const { forward, outputs, backward, gradients } = cells[kind.cell]!;
  const attributes = { ...kind, reverse, norms: true } as never;
  const given = tensors(backend, [...inputs, dh, ...(dcLast ? [dcLast] : [])]);
  const made = zip(outputs, forward({ ...given } as never, attributes, backend));
  const back = zip(gradients, backward({ ...given, ...made } as never, attributes, backend));
  const results = Object.entries({ ...made, ...back }).filter(([, { shape }]) => shape[0] !== 0);
  const read = results.map(([name, info]): NamedTensor => {
    const tensor = { name, shape: info.shape, values: backend.readSync(info.dataId) as Float32Array };
    return name === 'storedGates' ? activated(tensor, kind.cell) : tensor;
  });
  for (const { dataId } of Object.values({ ...given, ...made, ...back })) backend.disposeData(dataId);
  return read;
}

/** Activations of stored gates. */
function activated({ shape, values }: NamedTensor, cell: CellKind['cell']): NamedTensor {
  const { gates, states, activations } = descriptions[cell];
  const isTanh = Array.from({ length: gates }, (_, gate) =>
    activations.some(({ name, output, block }) => output >= states.length && block === gate && !isSigmoid(name)),
  );
  const width = shape.at(-1) ?? 1;
  const gateOf = (index: number): number => Math.floor(((index % width) * gates) / width);
  const valueOf = (stored: number, index: number): number =>
    isTanh[gateOf(index)] === true ? tanhValue(stored) : sigmoidValue(stored);
  return { name: 'gates', shape, values: values.map(valueOf) };
}

function tensors(backend: SequenceLabBackend, stored: readonly NamedTensor[]): Record<string, TensorInfo> {
  const made = stored.map(({ name, shape, values }) => {
    const isInteger = name === 'lengths' || (name === 'x' && shape.length === 2);
    return [
      name,
      backend.makeTensorInfo([...shape], isInteger ? 'int32' : 'float32', isInteger ? Int32Array.from(values) : values),
    ];
  });
  return Object.fromEntries(made) as Record<string, TensorInfo>;
}

function zip(names: readonly string[], infos: readonly TensorInfo[]): Record<string, TensorInfo> {
  return Object.fromEntries(names.map((name, index) => [name, infos[index]!]));
}
