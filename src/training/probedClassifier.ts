import * as tf from '@tensorflow/tfjs';
import { padSequences } from '../data/labeled/sequenceBatcher.ts';
import { softmaxCrossEntropy } from '../kernels/ops.ts';
import type { TokenClassifier } from '../models/tokenClassifier.ts';
import type { Probed } from '../probes/probed.ts';

/** Maximum number of steps of a probe; gradients rarely reach further. */
const MAX_STEPS = 300;

/** Losses of the chosen texts, `[chosen]`, from their logits. */
type LossesOf = (logits: tf.Tensor2D, chosen: readonly number[]) => tf.Tensor1D;

/**
 * Creates a probe of a classifier on a few texts; each has one loss, at its end.
 * @param lossesOf the loss of a class by default
 */
export function probedClassifier(
  model: TokenClassifier,
  texts: readonly { readonly ids: Int32Array; readonly label: number }[],
  paddingId: number,
  lossesOf: LossesOf = (logits, chosen) =>
    softmaxCrossEntropy({
      logits,
      targets: tf.tensor1d(
        chosen.map((b) => texts[b]?.label ?? 0),
        'int32',
      ),
    }),
): Probed {
  const { ids, lengths, timeSteps, batch } = padSequences(
    texts.map((text) => text.ids.subarray(0, MAX_STEPS)),
    paddingId,
  );
  return {
    layers: model.layers,
    parameters: model.parameters,
    timeSteps,
    lengths: [...lengths],
    lossAt: 'the end',
    losses(chosen, states, tapsOf) {
      const picked = Int32Array.from({ length: timeSteps * chosen.length }, (_, place) => {
        const [t, b] = [Math.floor(place / chosen.length), chosen[place % chosen.length]!];
        return ids[t * batch + b]!;
      });
      const inputs = tf.tensor2d(picked, [timeSteps, chosen.length], 'int32');
      const logits = model.logits(
        inputs,
        tf.tensor1d(
          chosen.map((b) => lengths[b]!),
          'int32',
        ),
        { states, tapsOf },
      );
      return tf.reshape(lossesOf(logits, chosen), [1, chosen.length]);
    },
  };
}
