import * as tf from '@tensorflow/tfjs';
import { tagBatch, type TaggedIds } from '../data/tagged/tagBatch.ts';
import { softmaxCrossEntropy } from '../kernels/ops.ts';
import type { Tagger } from '../models/tagger.ts';
import type { Probed } from '../probes/probed.ts';

/** Creates a probe of a tagger on a few sentences; each word has a loss. */
export function probedTagger(model: Tagger, sentences: readonly TaggedIds[], paddingId: number): Probed {
  const lengths = sentences.map(({ ids }) => ids.length);
  const timeSteps = Math.max(...lengths);
  return {
    layers: model.layers,
    parameters: model.parameters,
    timeSteps,
    lengths,
    lossAt: 'each step',
    losses(chosen, states, tapsOf) {
      const { ids, tags } = tagBatch(
        chosen.map((index) => sentences[index]!),
        paddingId,
      );
      // Any selection of sentences is padded to the length of the full batch.
      const padded = (values: Int32Array, fill: number) => {
        const whole = new Int32Array(timeSteps * chosen.length).fill(fill);
        whole.set(values);
        return whole;
      };
      const shape: [number, number] = [timeSteps, chosen.length];
      const inputs = tf.tensor2d(padded(ids, paddingId), shape, 'int32');
      const options = {
        tapsOf,
        lengths: tf.tensor1d(
          chosen.map((index) => lengths[index]!),
          'int32',
        ),
      };
      const targets = tf.tensor1d(padded(tags, 0), 'int32');
      return tf.reshape(softmaxCrossEntropy({ logits: model.tagLogits(inputs, states, options), targets }), shape);
    },
  };
}
