import { CodePointIndex } from './codePointIndex.ts';
import type { TextVocabulary, TokenEncoder } from './textVocabulary.ts';
import type { TokenSequence } from './tokenSequence.ts';
import { Vocabulary } from './vocabulary.ts';
import { charactersOf } from './tokenizers/shownTokens.ts';
import type { TokenizerVocabulary } from './tokenizers/tokenizerVocabulary.ts';
import { TextWordVocabulary } from './words/textWordVocabulary.ts';
import { WordEncoder } from './words/wordEncoder.ts';
import { isSpaced } from './words/wordSplitter.ts';

/** Limits of a vocabulary of words. */
export interface WordLimits {
  /** Minimum number of occurrences of a word. */
  readonly minCount: number;
  /** Maximum number of words without `<unk>`; the most frequent are kept. */
  readonly maxSize: number;
}

/** Tokens of a vocabulary by id, with `<unk>`. */
interface KnownTokens {
  readonly tokens: readonly string[];
  /** Whether the frequent tokens of the text are added to them. */
  readonly extend: boolean;
}

/**
 * The tokens of a text that is read before its vocabulary is known, numbered from 1 in the order in which they first
 * appear.
 */
interface SeenTokens extends TokenEncoder {
  /**
   * Creates the vocabulary.
   * @param counts number of occurrences of each id in the training part
   * @param known the tokens of another vocabulary, which this one contains; without `extend`, it contains no others
   */
  vocabulary(counts: Float64Array, known?: KnownTokens): TextVocabulary;
  /** Returns the id in the vocabulary for each id assigned here. */
  newIds(vocabulary: TextVocabulary): Uint32Array;
  /** Returns the number of characters of a text, or of its beginning, from the ids assigned here. */
  charactersIn(ids: TokenSequence): number;
}

/** Characters of a text. The vocabulary consists of those that occur in the training part. */
export class SeenCharacters implements SeenTokens {
  readonly #index = new CodePointIndex();
  readonly #codePoints: number[] = [];
  #ids = new Int32Array(0);

  get idLimit(): number {
    return this.#codePoints.length + 1;
  }

  encode(chunk: string): Int32Array {
    if (this.#ids.length < chunk.length) this.#ids = new Int32Array(chunk.length);
    const count = this.#index.encode(chunk, this.#ids, (codePoint) => {
      this.#codePoints.push(codePoint);
      this.#index.set(codePoint, this.#codePoints.length);
      return this.#codePoints.length;
    });
    return this.#ids.subarray(0, count);
  }

  end(): Int32Array {
    return new Int32Array();
  }

  vocabulary(counts: Float64Array, known?: KnownTokens): Vocabulary {
    const own = known?.extend === false ? [] : this.#codePoints.filter((_, index) => counts[index + 1]! > 0);
    const kept = known?.tokens.slice(1) ?? [];
    const isMark = (token: string) => Array.from(token).length > 1;
    const characters = kept.filter((token) => !isMark(token)).map((token) => token.codePointAt(0) ?? 0);
    return Vocabulary.of([...own, ...characters], kept.filter(isMark));
  }

  newIds(vocabulary: TextVocabulary): Uint32Array {
    return newIds(
      vocabulary,
      this.#codePoints.map((codePoint) => String.fromCodePoint(codePoint)),
    );
  }

  charactersIn(ids: TokenSequence): number {
    return ids.length;
  }
}

/** Words of a text. The vocabulary consists of those that are frequent in the training part. */
export class SeenWords implements SeenTokens {
  readonly #limits: WordLimits;
  /** Ids by word, in ascending order. */
  readonly #ids = new Map<string, number>();
  readonly #encoder = new WordEncoder(
    (form) => this.#idOf(form),
    () => this.#ids.size + 1,
  );

  constructor(limits: WordLimits) {
    this.#limits = limits;
  }

  get idLimit(): number {
    return this.#encoder.idLimit;
  }

  encode(chunk: string): Int32Array {
    return this.#encoder.encode(chunk);
  }

  end(): Int32Array {
    return this.#encoder.end();
  }

  vocabulary(counts: Float64Array, known?: KnownTokens): TextWordVocabulary {
    const found = new Map(Array.from(this.#ids, ([form, id]) => [form, counts[id]!]));
    const own = known?.extend === false ? [] : TextWordVocabulary.fit(found, this.#limits).tokens.slice(1);
    return known
      ? TextWordVocabulary.of([...own, ...known.tokens.slice(1)])
      : TextWordVocabulary.fit(found, this.#limits);
  }

  newIds(vocabulary: TextVocabulary): Uint32Array {
    return newIds(vocabulary, [...this.#ids.keys()]);
  }

  charactersIn(ids: TokenSequence): number {
    const forms = ['', ...this.#ids.keys()];
    const lengths = Uint32Array.from(forms, (form) => Array.from(form).length);
    const spaced = Uint8Array.from(forms, (form) => Number(isSpaced(form)));
    const lineBreak = this.#ids.get('\n') ?? -1;
    let characters = 0;
    let last = lineBreak;
    for (const block of ids.blocks()) {
      let inBlock = 0;
      for (let at = 0; at < block.length; at++) {
        const id = block[at]!;
        inBlock += lengths[id]!;
        if (last === lineBreak) inBlock -= spaced[id]!;
        last = id;
      }
      characters += inBlock;
    }
    return characters;
  }

  #idOf(form: string): number {
    const known = this.#ids.get(form);
    if (known !== undefined) return known;
    this.#ids.set(form, this.#ids.size + 1);
    return this.#ids.size;
  }
}

/** Tokens that a tokenizer finds in a text. The vocabulary is that of the tokenizer, with the same ids. */
export class SeenSubwords implements SeenTokens {
  readonly #vocabulary: TokenizerVocabulary;
  readonly #encoder: TokenEncoder;

  constructor(vocabulary: TokenizerVocabulary) {
    this.#vocabulary = vocabulary;
    this.#encoder = vocabulary.encoder();
  }

  get idLimit(): number {
    return this.#vocabulary.size;
  }

  encode(chunk: string): Int32Array {
    return this.#encoder.encode(chunk);
  }

  end(): Int32Array {
    return this.#encoder.end();
  }

  vocabulary(): TokenizerVocabulary {
    return this.#vocabulary;
  }

  newIds({ size }: TextVocabulary): Uint32Array {
    return Uint32Array.from({ length: size }, (_, id) => id);
  }

  charactersIn(ids: TokenSequence): number {
    const { tokenizer, order } = this.#vocabulary;
    const own = charactersOf(tokenizer);
    const lengths = Uint32Array.from(order, (id) => (id < 0 ? 1 : own[id]!));
    let characters = 0;
    for (const block of ids.blocks()) for (const id of block) characters += lengths[id]!;
    return characters;
  }
}

/** @param forms the tokens of the ids 1, 2, 3, ... */
function newIds({ tokens }: TextVocabulary, forms: readonly string[]): Uint32Array {
  const ids = new Map(tokens.map((token, id) => [token, id]));
  return Uint32Array.from([0, ...forms.map((form) => ids.get(form) ?? 0)]);
}
