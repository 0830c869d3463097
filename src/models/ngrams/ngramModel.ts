import type { Generator } from '../../random/generator.ts';
import { drawIndex } from '../drawIndex.ts';
import { ABSENT, NgramCounts, type NgramCountsJson, type NgramShape } from './ngramCounts.ts';

/**
 * A language model of counts: each token depends on the `order - 1` before it. Tokens may be characters or words.
 *
 * Contexts are interpolated with shorter ones after Witten and Bell (1991, method C; see Chen and Goodman 1998):
 * `p(w | context) = (n(context, w) + D(context) p(w | shorter context)) / (n(context) + D(context))`, where D is the
 * number of different tokens that followed the context; below the shortest stands add-one,
 * `p(w) = (n(w) + 1) / (N + V)`. There is nothing to tune, and every token has a probability above zero.
 */
export class NgramModel {
  readonly #counts: NgramCounts;

  private constructor(counts: NgramCounts) {
    this.#counts = counts;
  }

  /** @throws RangeError for a token outside of the vocabulary, or an order or vocabulary below 1 */
  static fit(sequences: Iterable<Iterable<number>>, shape: NgramShape): NgramModel {
    const counts = new NgramCounts(shape);
    for (const sequence of sequences) counts.add(sequence);
    return new NgramModel(counts);
  }

  /** Reads what `toJSON` wrote. @throws Error that names what is wrong in it. */
  static fromJSON(json: unknown): NgramModel {
    return new NgramModel(NgramCounts.fromJSON(json));
  }

  get order(): number {
    return this.#counts.order;
  }

  get vocabularySize(): number {
    return this.#counts.vocabularySize;
  }

  /** `p(token | context)`, where only the last `order - 1` tokens of the context count. */
  probability(context: ArrayLike<number>, token: number): number {
    return this.#probabilityAfter(this.#contextNodes(context), token);
  }

  /** `p(token | context)` of every token, `[vocabularySize]`. */
  distribution(context: ArrayLike<number>): Float64Array {
    const nodes = this.#contextNodes(context);
    return Float64Array.from({ length: this.vocabularySize }, (_, token) => this.#probabilityAfter(nodes, token));
  }

  /** `ln p` of a sequence in nats: the sum over its tokens, each after those before it. */
  logLikelihood(sequence: ArrayLike<number>): number {
    let sum = 0;
    for (let at = 0; at < sequence.length; at++) {
      const context = Array.from({ length: Math.min(at, this.order - 1) }, (_, back) => sequence[at - 1 - back]!);
      sum += Math.log(this.probability(context.reverse(), sequence[at]!));
    }
    return sum;
  }

  /** Draws `length` tokens that go on from a context, each after those before it. */
  sample(context: readonly number[], length: number, generator: Generator): Int32Array {
    const sampled = new Int32Array(length);
    let recent = context;
    for (let at = 0; at < length; at++) {
      const token = drawIndex(this.distribution(recent), generator);
      sampled[at] = token;
      recent = [...recent, token].slice(-this.order);
    }
    return sampled;
  }

  toJSON(): NgramCountsJson {
    return this.#counts.toJSON();
  }

  /** The nodes of the last 1, 2, ... tokens, as far as they have been followed by anything. */
  #contextNodes(context: ArrayLike<number>): number[] {
    const nodes: number[] = [];
    for (let length = 1; length < this.order && length <= context.length; length++) {
      const node = this.#counts.find(Array.from({ length }, (_, at) => context[context.length - length + at]!));
      if (node === ABSENT || this.#counts.followers(node) === 0) break;
      nodes.push(node);
    }
    return nodes;
  }

  #probabilityAfter(contexts: readonly number[], token: number): number {
    const counts = this.#counts;
    const alone = (counts.count(counts.child(0, token)) + 1) / (counts.followers(0) + counts.vocabularySize);
    return contexts.reduce((shorter, node) => {
      const distinct = counts.distinctFollowers(node);
      return (counts.count(counts.child(node, token)) + distinct * shorter) / (counts.followers(node) + distinct);
    }, alone);
  }
}
