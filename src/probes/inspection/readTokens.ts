import * as tf from '@tensorflow/tfjs';
import type { LayerState } from '../../layers/sequenceLayer.ts';
import { namedStateTensors } from '../../layers/states.ts';
import { directionsOf } from '../probed.ts';
import type { Activations } from './activations.ts';
import type { TextModel } from './textModel.ts';

/** Results of reading a piece of text. */
export interface TokensRead {
  /** Logits of each next token, `[timeSteps, vocabularySize]`. */
  readonly logits: Float32Array;
  /** One entry per recurrent layer, first layer first; empty if not requested. */
  readonly activations: readonly Activations[];
  /** States after the last token. The caller disposes them. */
  readonly states: readonly LayerState[];
}

/** Runs a model over token ids from given states. Costs a forward pass. */
export async function readTokens(
  model: TextModel,
  ids: Int32Array,
  states: readonly LayerState[],
  keepActivations: boolean,
): Promise<TokensRead> {
  const outputs = new Map<string, readonly tf.Tensor[]>();
  const tapsOf = (layer: string) => ({
    receive: (norms: tf.Tensor) => norms.dispose(),
    receiveOutputs: (received: readonly tf.Tensor[]) => void outputs.set(layer, received),
  });
  let after: readonly LayerState[] = [];
  const logits = tf.tidy(() => {
    const read = model.logits(tf.tensor2d(ids, [ids.length, 1], 'int32'), states, keepActivations ? tapsOf : undefined);
    after = keepStates(read.states);
    return read.logits;
  });
  try {
    const layers = keepActivations ? directionsOf(model.layers) : [];
    const activations = layers.map(async ({ layer, direction, cell }): Promise<Activations> => {
      const received = await Promise.all((outputs.get(cell.name) ?? []).map((output) => output.data<'float32'>()));
      return { layer, direction, cell, timeSteps: ids.length, outputs: received };
    });
    return { logits: await logits.data<'float32'>(), activations: await Promise.all(activations), states: after };
  } finally {
    tf.dispose([logits, [...outputs.values()].flat()]);
  }
}

/** Keeps states alive after the surrounding `tf.tidy`. */
function keepStates(states: readonly LayerState[]): readonly LayerState[] {
  for (const { tensor } of states.flatMap(namedStateTensors)) tf.keep(tensor);
  return states;
}

export function disposeStates(states: readonly LayerState[]): void {
  for (const { tensor } of states.flatMap(namedStateTensors)) tensor.dispose();
}
