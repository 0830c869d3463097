import type * as tf from '@tensorflow/tfjs';
import type { Taps } from '../kernels/contract.ts';
import { Bidirectional } from '../layers/bidirectional.ts';
import { Recurrent } from '../layers/recurrent.ts';
import type { HiddenState, LayerState, LstmState, SequenceLayer } from '../layers/sequenceLayer.ts';
import type { Direction } from '../protocol/probes.ts';

/** Returns the taps of a recurrent layer by the name of the layer or of one of its directions. */
export type TapsOf = (layer: string) => Taps | undefined;

/** Model and sequences of a probe. */
export interface Probed {
  /** Recurrent layers, first layer first. */
  readonly layers: readonly SequenceLayer[];
  readonly parameters: readonly { readonly name: string; readonly variable: tf.Variable }[];
  readonly timeSteps: number;
  /** Number of steps of each sequence, 1 to timeSteps. */
  readonly lengths: readonly number[];
  /** Position of the losses: every step (language model) or only the end of a sequence (classifier). */
  readonly lossAt: 'each step' | 'the end';
  /**
   * Computes the losses of sequences from given states: `[timeSteps, sequences.length]`, or `[1, sequences.length]` if
   * a sequence has one loss. The sequences may repeat. Losses of masked steps are finite and have no meaning.
   */
  losses(sequences: readonly number[], states: readonly LayerState[], tapsOf: TapsOf): tf.Tensor2D;
}

/** Direction of a recurrent layer. */
export interface RecurrentDirection {
  /** Name of the layer, which both directions share. */
  readonly layer: string;
  readonly direction: Direction;
  readonly cell: Recurrent;
  /** Selects the state of this direction from those of all layers. */
  stateOf(states: readonly LayerState[]): HiddenState | LstmState;
}

/** Directions of all layers, first layer first, forward before backward. */
export function directionsOf(layers: readonly SequenceLayer[]): RecurrentDirection[] {
  return layers.flatMap((layer, index): RecurrentDirection[] => {
    if (layer instanceof Bidirectional) {
      return (['forward', 'backward'] as const).map((direction) => ({
        layer: layer.name,
        direction,
        cell: layer[direction],
        stateOf: (states) => (states[index] as { forward: HiddenState; backward: HiddenState })[direction],
      }));
    }
    if (!(layer instanceof Recurrent)) throw new TypeError(`The layer ${layer.name} does not support probes.`);
    const direction = layer.goBackwards ? 'backward' : 'forward';
    return [{ layer: layer.name, direction, cell: layer, stateOf: (states) => states[index] as HiddenState }];
  });
}

/** The direction that verdict and views show: the last forward one, or the last of all if none is forward. */
export function leading<T extends { readonly direction: Direction }>(directions: readonly T[]): T {
  const lead = directions.findLast(({ direction }) => direction === 'forward') ?? directions.at(-1);
  if (!lead) throw new RangeError('A model without recurrent layers cannot be probed.');
  return lead;
}
