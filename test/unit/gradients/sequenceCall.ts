import type { NamedTensor } from '../../../src/models/weights.ts';
import { hasCellState, type SequenceCase } from '../../oracle/cells.ts';
import type { Matrix } from '../../oracle/matrix.ts';
import { normsOf } from '../../oracle/norms.ts';
import { runBatch } from '../../oracle/recurrent.ts';
import { stored, storedSequence } from '../../oracle/storedTensors.ts';
import type { SequenceCall } from './sequenceCalculator.ts';

/**
 * Converts a case of the oracle to a call of the kernel. Lengths are only passed if some are not full, so that both
 * variants are tested.
 */
export function sequenceCall({
  kind,
  cell,
  inputs,
  ids,
  initial,
  direct,
  lengths,
  reverse,
}: SequenceCase): SequenceCall {
  const [h0, c0] = initial;
  const dcLast = direct[reverse ? 0 : direct.length - 1]?.[1];
  const isMasked = lengths.some((length) => length < inputs.length);
  return {
    kind,
    reverse,
    inputs: [
      ids ? storedIds(ids) : storedSequence('x', inputs),
      ...Object.entries(cell.weights).map(([name, matrix]: [string, Matrix]) => stored(name, matrix)),
      stored('h0', h0),
      ...(c0 ? [stored('c0', c0)] : []),
      ...(isMasked ? [storedLengths(lengths)] : []),
    ],
    dh: storedSequence(
      'dh',
      direct.map(([hidden]) => hidden),
    ),
    dcLast: dcLast && stored('dcLast', dcLast),
  };
}

/** Returns the expected outputs of the kernel. */
export function expectedOf({ kind, cell, inputs, ids, initial, direct, ...walk }: SequenceCase): NamedTensor[] {
  const run = runBatch(cell, inputs, initial, walk);
  const gradients = run.back(direct);
  const part = (index: number): Matrix[] => run.states.map((state) => state[index]!);
  const [dh0, dc0] = gradients.initial;
  return [
    storedSequence('h', part(0)),
    ...(hasCellState(kind) ? [storedSequence('c', part(1))] : []),
    ...(cell.gateColumns > 0 ? [storedSequence('gates', run.gates)] : []),
    stored('norms', normsOf(gradients.states)),
    ...(ids ? [] : [storedSequence('gradient of x', gradients.inputs)]),
    ...Object.entries(gradients.weights).map(([name, matrix]: [string, Matrix]) =>
      stored(`gradient of ${name}`, matrix),
    ),
    stored('gradient of h0', dh0),
    ...(dc0 ? [stored('gradient of c0', dc0)] : []),
  ];
}

export function storedLengths(lengths: readonly number[]): NamedTensor {
  return { name: 'lengths', shape: [lengths.length], values: Float32Array.from(lengths) };
}

function storedIds(ids: readonly (readonly number[])[]): NamedTensor {
  return { name: 'x', shape: [ids.length, ids[0]?.length ?? 0], values: Float32Array.from(ids.flat()) };
}
