import { WordVocabulary } from '../words/vocabulary.ts';

/** The classes that a word belongs to by its look, from the most general to the most special. */
export type ClassesOf = (word: string) => readonly string[];

export interface TagWordsLimits {
  /** Occurrences that a word needs to be one of its own. */
  readonly minimumCount: number;
  /** Most words of their own: the most frequent ones. */
  readonly maximumVocabulary: number;
}

/** Occurrences that a class of rare words needs. */
const CLASS_COUNT = 3;

const nameOf = (className: string): string => `<${className}>`;

/**
 * How a tagger knows words: frequent ones as they are written, all others by what they look like (shape and ending), so
 * that a word that it has never seen is read like the rare ones it was trained on (Petrov et al. 2006, section 2.2,
 * have such classes).
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

  /** @param counts how often each word occurs in what is trained on */
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
   * The id of a word: its own, that of the word in lower case, that of its most special class that is known, else 0.
   */
  idOf(word: string): number {
    const own = this.#ids.get(word) ?? this.#ids.get(word.toLowerCase());
    if (own !== undefined) return own;
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
