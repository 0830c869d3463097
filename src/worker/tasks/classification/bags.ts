import type { ModelConfig } from '../../../config/schema.ts';
import { countWords, vocabularyOf } from '../../../data/words/frequentWords.ts';
import { ngrams } from '../../../data/words/ngrams.ts';
import type { WordVocabulary } from '../../../data/words/vocabulary.ts';
import { bagOfWords, type SparseVector } from '../../../models/bagOfWords/bag.ts';
import { TfIdf } from '../../../models/bagOfWords/tfIdf.ts';
import { type ClassificationConfig, type ClassifiedText } from './classificationData.ts';
import { separatorOf, type Tokens } from './tokens.ts';

/** Settings of bags of words: the lengths of n-grams, and their weighting. */
export class Bags {
  readonly vocabulary: WordVocabulary;
  readonly tfIdf: TfIdf | undefined;
  readonly #tokens: Tokens;
  readonly #longest: number;

  constructor(
    vocabulary: WordVocabulary,
    tfIdf: TfIdf | undefined,
    { tokens, longest }: { tokens: Tokens; longest: number },
  ) {
    this.vocabulary = vocabulary;
    this.tfIdf = tfIdf;
    this.#tokens = tokens;
    this.#longest = longest;
  }

  /** Builds the vocabulary and the inverse document frequencies. */
  static of(
    texts: readonly ClassifiedText[],
    { tokens, minimumCount, maximumVocabulary }: ClassificationConfig,
    { ngrams: longest, features }: ModelConfig,
  ): Bags {
    const runs = texts.map(({ forms }) => ngrams(forms, { shortest: 1, longest }, separatorOf(tokens)));
    const vocabulary = vocabularyOf(countWords(runs), { minCount: minimumCount, maxSize: maximumVocabulary });
    const counts = new Bags(vocabulary, undefined, { tokens, longest });
    if (features === 'counts') return counts;
    return new Bags(
      vocabulary,
      TfIdf.fit(
        texts.map(({ forms }) => counts.bag(forms)),
        counts.columns,
      ),
      { tokens, longest },
    );
  }

  /** Width of the vectors: all tokens except `<unk>` and `<pad>`. */
  get columns(): number {
    return this.vocabulary.size - 2;
  }

  bag(forms: readonly string[]): SparseVector {
    const runs = ngrams(forms, { shortest: 1, longest: this.#longest }, separatorOf(this.#tokens));
    const counts = bagOfWords(
      runs.map((run) => this.vocabulary.idOf(run)),
      this.columns,
    );
    return this.tfIdf ? this.tfIdf.transform(counts) : counts;
  }
}
