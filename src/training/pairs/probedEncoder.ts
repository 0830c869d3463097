import * as tf from '@tensorflow/tfjs';
import type { PairBatch } from '../../data/pairs/pairBatches.ts';
import { softmaxCrossEntropy } from '../../kernels/ops.ts';
import type { EncoderDecoder } from '../../models/encoderDecoder/encoderDecoder.ts';
import type { Probed } from '../../probes/probed.ts';

/**
 * Creates a probe of the encoder on a batch of pairs. A text has one loss, at its end: the sum over its target tokens.
 * The gradient reaches the encoder through the final state and through attention.
 */
export function probedEncoder(model: EncoderDecoder, { source, target }: PairBatch): Probed {
  return {
    layers: model.encoderLayers,
    parameters: model.parameters,
    timeSteps: source.timeSteps,
    lengths: [...source.lengths],
    lossAt: 'the end',
    losses(sequences, states, tapsOf) {
      const columns = (values: ArrayLike<number>, timeSteps: number, batch: number) =>
        Array.from({ length: timeSteps * sequences.length }, (_, index) => {
          const [t, b] = [Math.floor(index / sequences.length), sequences[index % sequences.length]!];
          return values[t * batch + b]!;
        });
      const ofTarget = (values: ArrayLike<number>) => columns(values, target.timeSteps, target.batch);
      const sourceIds = tf.tensor2d(
        columns(source.ids, source.timeSteps, source.batch),
        [source.timeSteps, sequences.length],
        'int32',
      );
      const lengths = Int32Array.from(sequences, (sequence) => source.lengths[sequence]!);
      const { state, memory } = model.encode(sourceIds, lengths, { state: states, tapsOf });
      const shape: [number, number] = [target.timeSteps, sequences.length];
      const { h } = model.decode(tf.tensor2d(ofTarget(target.inputs), shape, 'int32'), state, memory);
      const logits = model.logits(tf.reshape(h, [shape[0] * shape[1], h.shape[2]]));
      const losses = softmaxCrossEntropy({ logits, targets: tf.tensor1d(ofTarget(target.targets), 'int32') });
      const counted = tf.mul(losses, tf.tensor1d(ofTarget(target.weights)));
      return tf.sum(tf.reshape(counted, shape), 0, true);
    },
  };
}
