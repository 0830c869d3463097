import * as z from 'zod';
import { countWords, type VocabularyLimits, vocabularyOf } from '../words/frequentWords.ts';
import { type ApostropheRule, piecesOf } from '../words/pieces.ts';
import type { TokenKind } from '../../config/tasks.ts';
import type { Granularity } from '../words/segments.ts';
import { Subwords } from '../words/subwords.ts';
import { WordVocabulary } from '../words/vocabulary.ts';
import { phrase, PhrasedError } from '../../phrases/phrase.ts';
import { textOf } from '../../phrases/causes.ts';

const [START, END] = ['<start>', '<end>'];
const REPLACEMENT = '\uFFFD';

const jsonSchema = z.object({
  version: z.literal(1),
  kind: z.literal('marked'),
  granularity: z.enum(['character', 'word', 'subword']),
  /** Rule for words with an apostrophe; absent in the files of earlier versions, which split after apostrophes. */
  apostrophes: z.literal('contractions').optional(),
  /** Pairs that byte-pair encoding joins, in their order; absent without subwords. */
  merges: z.array(z.tuple([z.string(), z.string()])).optional(),
  words: z.array(z.string()),
});

/**
 * Vocabulary of words, subwords or characters with start and end marks, for texts that a model generates. Ids: `<unk>` 0,
 * `<start>` 1, `<end>` 2, then the sorted tokens, and `<pad>` last.
 */
export class MarkedVocabulary {
  static readonly startId = 1;
  static readonly endId = 2;
  readonly granularity: TokenKind;
  readonly #rule: ApostropheRule;
  readonly #words: WordVocabulary;
  /** Undefined for a vocabulary of words or characters. */
  readonly #subwords: Subwords | undefined;

  private constructor(granularity: TokenKind, rule: ApostropheRule, words: WordVocabulary, subwords?: Subwords) {
    this.granularity = granularity;
    this.#rule = rule;
    this.#words = words;
    this.#subwords = subwords;
  }

  /**
   * Creates the vocabulary of texts.
   * @param limits of the vocabulary, and the number of merges that make its subwords
   */
  static fit(
    texts: Iterable<string>,
    granularity: TokenKind,
    { merges = 0, ...limits }: VocabularyLimits & { readonly merges?: number } = {},
  ): MarkedVocabulary {
    const pieces = Array.from(texts, (text) => piecesOf(text.trim(), granularityOf(granularity)));
    const subwords = granularity === 'subword' ? Subwords.learn(countWords(pieces), merges) : undefined;
    const tokens = subwords ? pieces.map((each) => each.flatMap((piece) => subwords.split(piece))) : pieces;
    const known = vocabularyOf(countWords(tokens), limits).words.slice(1, -1);
    return new MarkedVocabulary(granularity, 'contractions', WordVocabulary.of([START, END, ...known]), subwords);
  }

  /** Parses the result of `toJSON`. @throws Error that describes what is invalid */
  static fromJSON(json: unknown): MarkedVocabulary {
    const result = jsonSchema.safeParse(json);
    if (!result.success)
      throw new PhrasedError(phrase('This is not a vocabulary with marks of Sequence Lab. {0}', textOf(result.error)));
    const { granularity, apostrophes = 'after', merges, words } = result.data;
    const vocabulary = WordVocabulary.fromJSON({ version: 1, kind: 'word', words });
    if (words[MarkedVocabulary.startId] !== START || words[MarkedVocabulary.endId] !== END) {
      throw new PhrasedError(
        phrase(
          'This is not a vocabulary with marks of Sequence Lab: "{0}" and "{1}" must follow "{2}".',
          START,
          END,
          WordVocabulary.UNKNOWN,
        ),
      );
    }
    return new MarkedVocabulary(granularity, apostrophes, vocabulary, merges && new Subwords(merges));
  }

  /** Number of tokens with `<unk>`, both marks and `<pad>`. */
  get size(): number {
    return this.#words.size;
  }

  get paddingId(): number {
    return this.#words.paddingId;
  }

  /** Ids that never occur in a generated text. */
  get unwritten(): readonly number[] {
    return [0, MarkedVocabulary.startId, this.paddingId];
  }

  /** Converts a trimmed text to ids without marks. */
  encode(text: string): Int32Array {
    return Int32Array.from(this.#piecesOf(text), (piece) => this.#words.idOf(piece));
  }

  /** Tokens of a text that are not in the vocabulary, each once. */
  unknown(text: string): string[] {
    return [...new Set(this.#piecesOf(text).filter((piece) => this.#words.idOf(piece) === 0))];
  }

  #piecesOf(text: string): string[] {
    const pieces = piecesOf(text.trim(), granularityOf(this.granularity), this.#rule);
    const subwords = this.#subwords;
    return subwords ? pieces.flatMap((piece) => subwords.split(piece)) : pieces;
  }

  /** Tokens by id. */
  get tokens(): readonly string[] {
    return this.#words.words;
  }

  /**
   * Converts ids up to the first end mark to text, with `<unk>` as U+FFFD. @throws RangeError for an id outside of the
   * vocabulary
   */
  decode(ids: ArrayLike<number>): string {
    const end = Array.from(ids).indexOf(MarkedVocabulary.endId);
    const shown = end < 0 ? Array.from(ids) : Array.from(ids).slice(0, end);
    return this.tokensOf(shown)
      .map((token, at) => (shown[at] === 0 ? REPLACEMENT : token))
      .join('')
      .trim();
  }

  /** Returns the token of each id. @throws RangeError for an id outside of the vocabulary */
  tokensOf(ids: ArrayLike<number>): string[] {
    return this.#words.decode(ids);
  }

  toJSON(): z.output<typeof jsonSchema> {
    const words = [...this.#words.words];
    const rule = this.#rule === 'contractions' ? { apostrophes: this.#rule } : {};
    const merges = this.#subwords
      ? { merges: this.#subwords.merges.map(([left, right]): [string, string] => [left, right]) }
      : {};
    return { version: 1, kind: 'marked', granularity: this.granularity, ...rule, ...merges, words };
  }
}

/** Pieces that tokens are made of: subwords are parts of words. */
function granularityOf(kind: TokenKind): Granularity {
  return kind === 'subword' ? 'word' : kind;
}
