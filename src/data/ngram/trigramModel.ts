import { yieldToEventLoop } from '../../platform/system.ts';
import type { TokenSequence } from '../tokenSequence.ts';
import { PairTable } from './pairTable.ts';

interface Options {
  readonly signal?: AbortSignal | undefined;
}

/** Maximum number of different trigrams that are counted. */
const MAX_TRIGRAMS = 8_000_000;

/**
 * Trigram model with interpolated Kneser-Ney smoothing (Kneser and Ney 1995; Chen and Goodman 1998, section 2.7): what a
 * context leaves of its probability goes to the shorter context, and shorter contexts count in how many different
 * contexts a token occurs instead of how often.
 *
 * `p(w|u,v) = (max(n(u,v,w) - D3, 0) + D3 N(u,v,.) p(w|v)) / n(u,v)`, where N(u,v,.) is the number of different tokens
 * that followed u, v. `p(w|v)` has the same form with N(.,v,w), the number of different tokens before v, w, as counts;
 * `p(w)` with N(.,w), over the uniform distribution. The discount of each order is n1 / (n1 + 2 n2), where n1 and n2 are
 * the numbers of its entries with a count of one and of two. A context that never occurred falls back to the shorter
 * one. Every token of the vocabulary has a probability above zero, and the probabilities in each context sum to one.
 */
export class TrigramModel {
  readonly #vocabularySize: number;
  readonly #contexts: PairTable;
  readonly #trigrams: PairTable;
  /** Pairs of tokens, counted once for each different token before them. */
  readonly #pairs = new PairTable();
  readonly #afterPair: Order;
  readonly #afterToken: Order;
  readonly #anywhere: Order;
  /** N(.,w) */
  readonly #before: Float64Array;

  /**
   * @param contexts pairs of tokens of the training text
   * @param trigrams pairs of a number of `contexts` and a token
   */
  constructor(vocabularySize: number, contexts: PairTable, trigrams: PairTable) {
    this.#vocabularySize = vocabularySize;
    this.#contexts = contexts;
    this.#trigrams = trigrams;
    this.#afterPair = new Order(contexts.size);
    this.#afterToken = new Order(vocabularySize);
    this.#anywhere = new Order(1);
    this.#before = new Float64Array(vocabularySize);
    for (let at = 0; at < trigrams.size; at++) {
      this.#afterPair.add(trigrams.firstOf(at), trigrams.countOf(at));
      this.#pairs.add(contexts.secondOf(trigrams.firstOf(at)), trigrams.secondOf(at));
    }
    for (let at = 0; at < this.#pairs.size; at++) {
      this.#afterToken.add(this.#pairs.firstOf(at), this.#pairs.countOf(at));
      this.#before[this.#pairs.secondOf(at)] = this.#before[this.#pairs.secondOf(at)]! + 1;
    }
    for (const count of this.#before) if (count > 0) this.#anywhere.add(0, count);
  }

  /** Probability of a token after two tokens. */
  probability(first: number, second: number, token: number): number {
    const shorter = this.probabilityAfter(second, token);
    const context = this.#contexts.find(first, second);
    if (context < 0) return shorter;
    return this.#afterPair.probability(context, countIn(this.#trigrams, context, token), shorter);
  }

  /** Probability of a token after one token. */
  probabilityAfter(previous: number, token: number): number {
    const shorter = this.#anywhere.probability(0, this.#before[token]!, 1 / this.#vocabularySize);
    return this.#afterToken.probability(previous, countIn(this.#pairs, previous, token), shorter);
  }

  /**
   * Mean cross-entropy in nats per token of every token of each document except its first; the second has a context of
   * one.
   * @throws RangeError without a document of two tokens; the signal's reason if it is aborted
   */
  async score(documents: readonly TokenSequence[], { signal }: Options = {}): Promise<number> {
    const scored = documents.reduce((sum, { length }) => sum + Math.max(0, length - 1), 0);
    if (scored === 0) throw new RangeError('At least two tokens are needed to score a text.');
    let total = 0;
    for (const text of documents.filter(({ length }) => length > 1)) {
      let [first, second] = [text.at(0), text.at(1)];
      total -= Math.log(this.probabilityAfter(first, second));
      for (const block of text.view(2).blocks()) {
        for (const token of block) {
          total -= Math.log(this.probability(first, second, token));
          [first, second] = [second, token];
        }
        await yieldToEventLoop(signal);
      }
    }
    return total / scored;
  }
}

/** Contexts of one length: how much follows each of them, and the discount. */
class Order {
  readonly #totals: Float64Array;
  readonly #distinct: Float64Array;
  #once = 0;
  #twice = 0;

  constructor(contexts: number) {
    this.#totals = new Float64Array(contexts);
    this.#distinct = new Float64Array(contexts);
  }

  /** Adds an entry of a context with its count, at least 1. */
  add(context: number, count: number): void {
    this.#totals[context] = this.#totals[context]! + count;
    this.#distinct[context] = this.#distinct[context]! + 1;
    if (count === 1) this.#once++;
    if (count === 2) this.#twice++;
  }

  /** The probability of an entry with a count (0 if it is absent), given that in the shorter context. */
  probability(context: number, count: number, shorter: number): number {
    const total = this.#totals[context]!;
    if (total === 0) return shorter;
    const discount = this.#discount;
    return (Math.max(count - discount, 0) + discount * this.#distinct[context]! * shorter) / total;
  }

  /** Between 0 and 1 (exclusive): one half if the counts do not determine it. */
  get #discount(): number {
    return this.#once > 0 && this.#twice > 0 ? this.#once / (this.#once + 2 * this.#twice) : 0.5;
  }
}

function countIn(pairs: PairTable, first: number, second: number): number {
  const pair = pairs.find(first, second);
  return pair < 0 ? 0 : pairs.countOf(pair);
}

/**
 * Counts the trigrams of the documents of the training part, in bounded memory: after 4 million different pairs or 8
 * million different trigrams, new ones are not counted.
 * @throws the signal's reason if it is aborted
 */
export async function fitTrigrams(
  train: readonly TokenSequence[],
  vocabularySize: number,
  { signal }: Options = {},
): Promise<TrigramModel> {
  const contexts = new PairTable();
  const trigrams = new PairTable(MAX_TRIGRAMS);
  for (const text of train) {
    let previous = -1;
    let context = -1;
    for (const block of text.blocks()) {
      for (const token of block) {
        if (context >= 0) trigrams.add(context, token);
        context = previous < 0 ? -1 : contexts.add(previous, token);
        previous = token;
      }
      await yieldToEventLoop(signal);
    }
  }
  return new TrigramModel(vocabularySize, contexts, trigrams);
}
