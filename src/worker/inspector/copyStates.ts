import * as tf from '@tensorflow/tfjs';
import type { LayerState } from '../../layers/sequenceLayer.ts';
import { mapState } from '../../layers/states.ts';

/** States that outlive the given ones; the caller disposes them. */
export function copyStates(states: readonly LayerState[]): LayerState[] {
  return states.map((state) => mapState(state, (_, tensor) => tf.clone(tensor)));
}
