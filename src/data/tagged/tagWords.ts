import { WordVocabulary } from '../words/vocabulary.ts';

/** Returns the classes of a word by its shape and ending, from the most general to the most specific. */
export type ClassesOf = (word: string) => readonly string[];

export interface TagWordsLimits {
  /** Minimum number of occurrences of a word in the vocabulary. */
  readonly minimumCount: number;
  /** Maximum number of words in the vocabulary; the most frequent are kept. */
  readonly maximumVocabulary: number;
}

/** Minimum number of occurrences of a class of rare words. */
const CLASS_COUNT = 3;

const nameOf = (className: string): string => `<${className}>`;

/**
 * Vocabulary of a tagger. Frequent words have their own ids; all others are represented by a class (shape and ending),
 * so that unknown words are read like the rare words of the training texts (similar classes: Petrov et al. 2006,
 * section 2.2).
 */
export class TagWords {
  readonly vocabulary: WordVocabulary;
  readonly #classesOf: ClassesOf;
  readonly #ids: ReadonlyMap<string, number>;

  constructor(vocabulary: WordVocabulary, classesOf: ClassesOf) {
    this.vocabulary = vocabulary;
    this.#classesOf = classesOf;
    this.#ids = new Map(vocabulary.words.map((word, id) => [word, id]));
  }

  /** @param counts number of occurrences of each word in the training texts */
  static of(
    counts: ReadonlyMap<string, number>,
    classesOf: ClassesOf,
    { minimumCount, maximumVocabulary }: TagWordsLimits,
  ): TagWords {
    const reserved: readonly string[] = [WordVocabulary.UNKNOWN, WordVocabulary.PADDING];
    const usable = [...counts]
      .filter(([word]) => !reserved.includes(word))
      .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
    const frequent = usable.filter(([, count]) => count >= minimumCount).slice(0, maximumVocabulary);
    const ofClass = new Map<string, number>();
    for (const [word, count] of usable.slice(frequent.length)) {
      for (const name of classesOf(word)) ofClass.set(name, (ofClass.get(name) ?? 0) + count);
    }
    const words = frequent.map(([word]) => word).sort();
    const taken = new Set(words);
    const classes = [...ofClass]
      .filter(([name, count]) => count >= CLASS_COUNT && !taken.has(nameOf(name)))
      .map(([name]) => nameOf(name));
    return new TagWords(WordVocabulary.of([...words, ...classes.sort()]), classesOf);
  }

  /**
   * Returns the id of a word: that of the word itself, of its lower case, of its most specific known class, or 0.
   */
  idOf(word: string): number {
    const known = this.#ids.get(word) ?? this.#ids.get(word.toLowerCase());
    if (known !== undefined) return known;
    for (const name of [...this.#classesOf(word)].reverse()) {
      const id = this.#ids.get(nameOf(name));
      if (id !== undefined) return id;
    }
    return 0;
  }

  encode(words: readonly string[]): Int32Array {
    return Int32Array.from(words, (word) => this.idOf(word));
  }
}
