import type { MarkovChain } from '../chain.ts';
import { relativeFrequencies } from '../estimate.ts';
import { smoothed } from '../inference.ts';
import { viterbi, type ViterbiResult } from '../viterbi.ts';
import { Lexicon } from './lexicon.ts';
import { TagCounts, type TagCountsJson, type TaggedWords } from './tagCounts.ts';

/** Smoothing added to every count of initial tags and of tag transitions. */
const SMOOTHING = 1;

/**
 * Tagger based on a hidden Markov model whose states are the tags (Church 1988; Brants 2000). The score of a word is
 * `P(tag | word) / P(tag)`, which by Bayes' rule is `p(word | tag)` up to a factor that is the same for all tags. The
 * posterior of the tags is therefore exact, but the likelihood of the words is not available.
 */
export class HmmTagger implements MarkovChain {
  readonly states: number;
  readonly logInitial: Float64Array;
  readonly logTransition: Float64Array;
  readonly #counts: TagCounts;
  readonly #lexicon: Lexicon;

  private constructor(counts: TagCounts) {
    this.#counts = counts;
    this.#lexicon = new Lexicon(counts.words, counts.tags.length);
    this.states = counts.tags.length;
    this.logInitial = relativeFrequencies(counts.initial, this.states, SMOOTHING).map(Math.log);
    this.logTransition = relativeFrequencies(counts.transition, this.states, SMOOTHING).map(Math.log);
  }

  /** @throws RangeError if there are no words, or a sentence does not have one tag for each word */
  static fit(sentences: readonly TaggedWords[]): HmmTagger {
    return new HmmTagger(TagCounts.of(sentences));
  }

  /** Restores a tagger from the output of `toJSON`. @throws Error that names the invalid part */
  static fromJSON(json: unknown): HmmTagger {
    return new HmmTagger(TagCounts.fromJSON(json));
  }

  /** Tags in the order of the states, sorted by name. */
  get tags(): readonly string[] {
    return this.#counts.tags;
  }

  /** True if the word occurred in the training sentences with the same spelling and case. */
  isKnown(word: string): boolean {
    return this.#lexicon.isKnown(word);
  }

  /** Returns the most likely tags of a sentence, one for each word. */
  tag(words: readonly string[]): string[] {
    return Array.from(this.trellis(words).path, (state) => this.tags[state]!);
  }

  /** Returns the result of the Viterbi algorithm for a sentence, including the trellis. */
  trellis(words: readonly string[]): ViterbiResult {
    return viterbi(this, this.#scores(words));
  }

  /** `P(tag of word t | the sentence)`, `[words, tags]`. */
  probabilities(words: readonly string[]): Float64Array {
    return smoothed(this, this.#scores(words));
  }

  toJSON(): TagCountsJson {
    return this.#counts.toJSON();
  }

  #scores(words: readonly string[]): Float64Array {
    const { prior } = this.#lexicon;
    const scores = new Float64Array(words.length * this.states);
    words.forEach((word, t) => {
      const given = this.#lexicon.tagProbabilities(word);
      scores.set(
        given.map((probability, tag) => Math.log(probability / prior[tag]!)),
        t * this.states,
      );
    });
    return scores;
  }
}
