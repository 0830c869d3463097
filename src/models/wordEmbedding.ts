import * as tf from '@tensorflow/tfjs';
import { embeddingLookup } from '../kernels/ops.ts';
import type { Parameter } from './weights.ts';

/**
 * Word vectors in two concatenated channels: the pretrained vectors, and the same plus a trained difference (after the
 * multichannel network of Kim 2014). The first channel keeps the similarity of words that training never sees; the
 * second adapts to the task.
 */
export class WordEmbedding {
  readonly dimensions: number;
  /** Both channels before training, `[words, 2 * dimensions]`. */
  readonly #pretrained: tf.Tensor2D;
  readonly #difference: tf.Variable;
  /**
   * Matrix that maps a difference to the second channel, `[dimensions, 2 * dimensions]`: zeros, then the identity.
   */
  readonly #intoSecond: tf.Tensor2D;

  /** @param pretrained `[words, dimensions]`, row-major */
  constructor(pretrained: Float32Array, [words, dimensions]: readonly [words: number, dimensions: number]) {
    this.dimensions = dimensions;
    const twice = new Float32Array(2 * pretrained.length);
    for (let at = 0; at < pretrained.length; at += dimensions) {
      const vector = pretrained.subarray(at, at + dimensions);
      twice.set(vector, 2 * at);
      twice.set(vector, 2 * at + dimensions);
    }
    const diagonal = new Float32Array(2 * dimensions * dimensions);
    for (let row = 0; row < dimensions; row++) diagonal[row * 2 * dimensions + dimensions + row] = 1;
    this.#pretrained = tf.tensor2d(twice, [words, 2 * dimensions]);
    this.#intoSecond = tf.tensor2d(diagonal, [dimensions, 2 * dimensions]);
    this.#difference = tf.tidy(() => tf.variable(tf.zeros([words, dimensions])));
  }

  /** Width of the output of `embed`. */
  get width(): number {
    return 2 * this.dimensions;
  }

  get parameters(): readonly Parameter[] {
    return [{ name: 'embedding/difference', variable: this.#difference }];
  }

  /** Embeds ids `[timeSteps, batch]` as `[timeSteps, batch, 2 * dimensions]`. */
  embed(ids: tf.Tensor2D): tf.Tensor3D {
    const difference = embeddingLookup({ table: this.#difference as tf.Tensor2D, ids });
    const flat = tf.matMul(tf.reshape(difference, [ids.size, this.dimensions]), this.#intoSecond);
    return tf.add(embeddingLookup({ table: this.#pretrained, ids }), tf.reshape(flat, [...ids.shape, this.width]));
  }

  dispose(): void {
    tf.dispose([this.#pretrained, this.#difference, this.#intoSecond]);
  }
}
