import type * as tf from '@tensorflow/tfjs';
import type { Taps } from '../kernels/contract.ts';
import { Bidirectional } from '../layers/bidirectional.ts';
import { Recurrent } from '../layers/recurrent.ts';
import type { HiddenState, LayerState, LstmState, SequenceLayer } from '../layers/sequenceLayer.ts';
import type { Direction } from '../protocol/verdicts.ts';

/** Returns the taps of a recurrent layer by the name of the layer or of one of its directions. */
export type TapsOf = (layer: string) => Taps | undefined;

/** Maximum number of sequences of a probe: enough for a narrow interval of the median over them. */
export const MAX_PROBED = 64;

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
   * States before the first steps of sequences, one for each of `layers`; zero states if omitted. Call it inside
   * `tf.tidy`.
   */
  initialStates?(sequences: readonly number[]): readonly LayerState[];
  /**
   * Computes the losses of sequences from given states: `[timeSteps, sequences.length]`, or `[1, sequences.length]` if
   * a sequence has one loss. The sequences may repeat. Losses of masked steps are finite and have no meaning.
   */
  losses(sequences: readonly number[], states: readonly LayerState[], tapsOf: TapsOf): tf.Tensor2D;
}

/** A model on some of the sequences of a probe. */
export function selected(probed: Probed, sequences: readonly number[]): Probed {
  const of = (chosen: readonly number[]) => chosen.map((index) => sequences[index]!);
  const { initialStates } = probed;
  return {
    ...probed,
    lengths: sequences.map((sequence) => probed.lengths[sequence]!),
    losses: (chosen, states, tapsOf) => probed.losses(of(chosen), states, tapsOf),
    ...(initialStates && { initialStates: (chosen) => initialStates(of(chosen)) }),
  };
}

/** At most `most` of the indices 0 to `count` - 1, spread evenly, the first and the last among them. */
export function spread(count: number, most: number): number[] {
  const chosen = Math.min(count, most);
  if (chosen === 1) return [0];
  return Array.from({ length: chosen }, (_, index) => Math.round((index * (count - 1)) / (chosen - 1)));
}

/** Items for a probe, spread evenly over all of them. */
export function spreadItems<T>(items: readonly T[]): T[] {
  return spread(items.length, MAX_PROBED).map((index) => items[index]!);
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
