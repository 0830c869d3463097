import * as tf from '@tensorflow/tfjs';
import { embeddingLookup } from '../kernels/ops.ts';
import type { Parameter } from './languageModel.ts';

/**
 * Word vectors in two channels: as they were pretrained, and the same plus a trained difference (after the multichannel
 * network of Kim 2014). The first keeps words alike that training never saw, the second learns what training can tell.
 */
export class WordEmbedding {
  readonly dimensions: number;
  /** `[words, dimensions]` */
  readonly #pretrained: tf.Tensor2D;
  readonly #difference: tf.Variable;

  /** @param pretrained `[words, dimensions]`, row-major */
  constructor(pretrained: Float32Array, [words, dimensions]: readonly [words: number, dimensions: number]) {
    this.dimensions = dimensions;
    this.#pretrained = tf.keep(tf.tensor2d(pretrained, [words, dimensions]));
    this.#difference = tf.tidy(() => tf.variable(tf.zeros([words, dimensions])));
  }

  /** Width of what `embed` gives. */
  get width(): number {
    return 2 * this.dimensions;
  }

  get parameters(): readonly Parameter[] {
    return [{ name: 'embedding/difference', variable: this.#difference }];
  }

  /** Ids `[timeSteps, batch]` to `[timeSteps, batch, 2 * dimensions]`. */
  embed(ids: tf.Tensor2D): tf.Tensor3D {
    const pretrained = embeddingLookup({ table: this.#pretrained, ids });
    const difference = embeddingLookup({ table: this.#difference as tf.Tensor as tf.Tensor2D, ids });
    return tf.concat3d([pretrained, tf.add(pretrained, difference)], 2);
  }

  dispose(): void {
    tf.dispose([this.#pretrained, this.#difference]);
  }
}
